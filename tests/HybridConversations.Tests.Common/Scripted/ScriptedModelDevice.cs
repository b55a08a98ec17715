using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace HybridConversations.Tests.Common.Scripted;

/// <summary>A device whose replies a test writes. Records what it was asked, and how each generation ended.</summary>
public sealed class ScriptedModelDevice : IDevice, ITokenizer
{
    /// <summary>What it says to a request; by default the words of the last message, one a piece.</summary>
    public Func<DeviceRequest, CancellationToken, IAsyncEnumerable<DeviceEvent>> Reply { get; set; } = Echo;

    public DeviceState State { get; set; } = DeviceState.Ready;

    public ConcurrentQueue<DeviceRequest> Requests { get; } = new();

    /// <summary>Released once for every generation that was cancelled.</summary>
    public SemaphoreSlim Cancelled { get; } = new(0);

    /// <summary>Generations that are under way.</summary>
    public int Running => Volatile.Read(ref _running);

    private int _running;

    public async IAsyncEnumerable<DeviceEvent> Generate(DeviceRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Requests.Enqueue(request);
        Interlocked.Increment(ref _running);
        var whole = false;
        try
        {
            await foreach (var next in Reply(request, cancellationToken).WithCancellation(cancellationToken))
            {
                whole |= next is DeviceFinished;
                yield return next;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _running);
            if (!whole && cancellationToken.IsCancellationRequested)
            {
                Cancelled.Release();
            }
        }
    }

    public Task Listen(DeviceRequest draft, bool speculate, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task Forget(string conversationId, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public ValueTask<DeviceStatus> Status(CancellationToken cancellationToken = default) => ValueTask.FromResult(new DeviceStatus
    {
        DeviceId = "scripted",
        State = State,
        Model = new ModelStatus("scripted-model", new string('a', 64), "A model that a test wrote", 1234, 2048),
        Load = new DeviceLoad(Running, 0, 16, Running, 16, 10, 2048, 0),
        StartedAt = DateTimeOffset.UnixEpoch,
    });

    public string? ChatTemplate => "{{ messages }}";

    /// <summary>A token for each character: its number.</summary>
    public IReadOnlyList<int> Tokenize(string text, bool begin, bool parseControl) => [.. begin ? [0] : Array.Empty<int>(), .. text.EnumerateRunes().Select(rune => rune.Value)];

    public string Detokenize(IReadOnlyList<int> tokens) => string.Concat(tokens.Where(token => token > 0).Select(char.ConvertFromUtf32));

    public static DeviceFinished Finished(int completionTokens, FinishReason reason = FinishReason.Stop) =>
        new("scripted", reason, new TokenUsage(12, completionTokens, 8, 4, new ReusedTokens(Resident: 8)), new TurnTimings(20, 50, 5), 0);

    public static async IAsyncEnumerable<DeviceEvent> Echo(DeviceRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var words = (request.RawPrompt ?? request.Messages[^1].Content).Split(' ');
        for (var word = 0; word < words.Length; word++)
        {
            await Task.Yield();
            yield return new DeviceText(word == 0 ? words[word] : " " + words[word]);
        }

        yield return Finished(words.Length);
    }
}
