using System.Runtime.CompilerServices;

namespace HybridConversations.Cluster.Tests.InProcess;

/// <summary>
/// A device whose replies say what it was asked: <c>device:system turns:last words</c>. Its pace and its load are the test's; it knows who left it.
/// </summary>
internal sealed class TestDevice(string id) : IDevice
{
    private int _running;
    private int _cancelled;
    private int _generations;

    /// <summary>Pieces of each reply, after the first that says who answers and what was asked.</summary>
    public int Pieces { get; set; }

    /// <summary>Awaited before each piece.</summary>
    public Func<int, CancellationToken, Task> Pace { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>The call that it answers a request with; null for words.</summary>
    public Func<DeviceRequest, ToolCall?>? Call { get; set; }

    /// <summary>Awaited behind a call, before its reply ends.</summary>
    public Func<CancellationToken, Task>? BehindCall { get; set; }

    /// <summary>Thrown instead of forgetting.</summary>
    public Exception? ForgetFault { get; set; }

    public int Waiting { get; set; }
    public string? SystemPrompt { get; set; }
    public int Running => Volatile.Read(ref _running);
    public int Cancelled => Volatile.Read(ref _cancelled);
    public int Generations => Volatile.Read(ref _generations);

    public async IAsyncEnumerable<DeviceEvent> Generate(DeviceRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Interlocked.Increment(ref _generations);
        Interlocked.Increment(ref _running);
        var whole = false;
        try
        {
            await Pace(0, cancellationToken);
            if (Call?.Invoke(request) is { } call)
            {
                yield return new DeviceToolCall(0, call.CallId, call.Name);
                yield return new DeviceToolArguments(0, call.Arguments, IsEnd: true);
                await (BehindCall?.Invoke(cancellationToken) ?? Task.CompletedTask);
                whole = true;
                yield return new DeviceFinished(id, FinishReason.ToolCalls, new TokenUsage(10, 5, 0, 10), new TurnTimings(1, 2, 0), 0);
                yield break;
            }

            yield return new DeviceText($"{id}:{request.Messages.Count}:{request.Messages[^1].Content}");
            for (var i = 1; i <= Pieces; i++)
            {
                await Pace(i, cancellationToken);
                yield return new DeviceText($" {i}");
            }

            whole = true;
            yield return new DeviceFinished(id, FinishReason.Stop, new TokenUsage(10, 1 + Pieces, 0, 10), new TurnTimings(1, 2, 0), 0);
        }
        finally
        {
            Interlocked.Decrement(ref _running);
            if (!whole)
            {
                Interlocked.Increment(ref _cancelled);
            }
        }
    }

    public Task Listen(DeviceRequest draft, bool speculate, CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task Forget(string conversationId, CancellationToken cancellationToken = default)
    {
        if (ForgetFault is not null)
        {
            throw ForgetFault;
        }

        lock (Forgotten)
        {
            Forgotten.Add(conversationId);
        }

        return Task.CompletedTask;
    }

    public List<string> Forgotten { get; } = [];

    public ValueTask<DeviceStatus> Status(CancellationToken cancellationToken = default) => new(new DeviceStatus
    {
        DeviceId = id,
        State = DeviceState.Ready,
        Model = new ModelStatus("test", new string('a', 64), "test", 1, 4096),
        Load = new DeviceLoad(Running, Waiting, 100, 0, 16, 0, 4096, 0),
        SystemPrompt = SystemPrompt,
        Profile = new DeviceProfile(10, 1000, 100),
    });
}
