using System.Collections.Concurrent;

namespace HybridConversations.Fleet;

/// <summary>
/// What one silo has sent to devices, for as long as their reports cannot count it: without it whoever looks soonest gets everything until its next report. Thread-safe.
/// </summary>
internal sealed class SentTurns(TimeProvider time)
{
    private const int MaxDevices = 16_384;
    private const int MaxTurns = 256;

    /// <summary>On its way to the device for so long: a report that was made a moment after a turn was sent does not count it.</summary>
    private static readonly TimeSpan Way = TimeSpan.FromMilliseconds(50);

    private readonly ConcurrentDictionary<string, Queue<(long At, int PromptTokens)>> _byDevice = new(StringComparer.Ordinal);

    /// <summary>A turn goes to a device.</summary>
    /// <param name="deviceId">The device.</param>
    /// <param name="promptTokens">Tokens that it has to read for it.</param>
    public void Add(string deviceId, int promptTokens)
    {
        if (_byDevice.Count >= MaxDevices)
        {
            _byDevice.Clear(); // a device too many is a matter of speed
        }

        var sent = _byDevice.GetOrAdd(deviceId, static _ => new Queue<(long, int)>());
        lock (sent)
        {
            if (sent.Count >= MaxTurns)
            {
                sent.Dequeue();
            }

            sent.Enqueue((time.GetTimestamp(), promptTokens));
        }
    }

    /// <summary>What a device's report does not count.</summary>
    /// <param name="deviceId">The device.</param>
    /// <param name="madeAt">Timestamp of this silo's clock at which the report was made.</param>
    public SentLoad Since(string deviceId, long madeAt)
    {
        if (!_byDevice.TryGetValue(deviceId, out var sent))
        {
            return default;
        }

        lock (sent)
        {
            while (sent.TryPeek(out var first) && time.GetElapsedTime(first.At, madeAt) > Way)
            {
                sent.Dequeue();
            }

            var tokens = 0;
            foreach (var turn in sent)
            {
                tokens += turn.PromptTokens;
            }

            return new SentLoad(sent.Count, tokens);
        }
    }
}
