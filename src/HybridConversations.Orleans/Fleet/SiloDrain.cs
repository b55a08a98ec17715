using HybridConversations.Conversations;
using HybridConversations.Orleans.Escalations;

namespace HybridConversations.Orleans.Fleet;

/// <summary>
/// A silo that leaves: takes nothing new, and lets end what runs through it. That is more than its device's turns: its conversations may be answered by
/// another device or by the cloud, and it may be the one that asks the cloud for others. Thread-safe.
/// </summary>
internal sealed class SiloDrain(RunningTurns turns, CloudEndpoints endpoints, TimeProvider time, SiloDevice? device = null)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private volatile bool _begun;

    /// <summary>Set while the silo leaves.</summary>
    public bool Begun => _begun;

    /// <summary>What still runs: a turn of this silo on its own device or endpoint counts once.</summary>
    public int Open => Math.Max(turns.Count, (device?.Open ?? 0) + endpoints.Open);

    /// <summary>Called when the silo has begun to leave.</summary>
    public Action? OnBegun { get; set; }

    /// <summary>Takes nothing new from now on.</summary>
    public void Begin()
    {
        if (_begun)
        {
            return;
        }

        _begun = true;
        _ = device?.Drain(TimeSpan.Zero, CancellationToken.None);
        OnBegun?.Invoke();
    }

    /// <summary>Begins, and returns when nothing runs any more or <paramref name="limit"/> is over.</summary>
    /// <returns>What still runs.</returns>
    public async Task<int> Run(TimeSpan limit, CancellationToken cancellationToken)
    {
        Begin();
        var started = time.GetTimestamp();
        while (Open > 0 && time.GetElapsedTime(started) < limit)
        {
            await Task.Delay(Poll, time, cancellationToken);
        }

        return Open;
    }
}
