using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace HybridConversations.Tests.Common;

/// <summary>
/// A device that says what a test tells it, when the test tells it. By default each generation waits for commands (<see cref="NextGeneration"/>);
/// with <see cref="Script"/> it answers at once.
/// </summary>
public sealed class ScriptedDevice(string id = "scripted") : IDevice
{
    private readonly Channel<ScriptedGeneration> _started = Channel.CreateUnbounded<ScriptedGeneration>();
    private readonly ConcurrentQueue<(DeviceRequest Draft, bool Speculate)> _drafts = new();
    private readonly ConcurrentQueue<string> _forgotten = new();
    private int _running;

    /// <summary>Its default system prompt.</summary>
    public string? SystemPrompt { get; set; }

    public string Id { get; } = id;

    /// <summary>Gives the pieces of each reply; null: the test commands each generation.</summary>
    public Func<DeviceRequest, IReadOnlyList<string>>? Script { get; set; }

    /// <summary>Commands each generation as it begins, to its end.</summary>
    public Action<ScriptedGeneration>? Answer { get; set; }

    /// <summary>Messages that each scripted generation says it dropped.</summary>
    public int DroppedMessages { get; set; }

    /// <summary>Thrown by the next generations; null for none.</summary>
    public Exception? Refusal { get; set; }

    public IReadOnlyCollection<(DeviceRequest Draft, bool Speculate)> Drafts => _drafts;
    public IReadOnlyCollection<string> Forgotten => _forgotten;

    /// <summary>Generations that have begun and not ended.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>The most generations that ever ran at the same time.</summary>
    public int MostRunning { get; private set; }

    /// <summary>Generations begun so far.</summary>
    public int Generations { get; private set; }

    /// <summary>The last request.</summary>
    public DeviceRequest? LastRequest { get; private set; }

    /// <summary>Waits for the next generation to begin.</summary>
    public async Task<ScriptedGeneration> NextGeneration() => await _started.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public async IAsyncEnumerable<DeviceEvent> Generate(DeviceRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        LastRequest = request;
        Generations++;
        if (Refusal is { } refusal)
        {
            throw refusal;
        }

        var generation = new ScriptedGeneration(Id, request);
        if (Script is { } script)
        {
            generation.Say([.. script(request)]);
            generation.Finish(dropped: DroppedMessages);
        }
        else if (Answer is { } answer)
        {
            answer(generation);
        }
        else
        {
            _started.Writer.TryWrite(generation);
        }

        MostRunning = Math.Max(MostRunning, Interlocked.Increment(ref _running));
        try
        {
            await foreach (var next in generation.Events.ReadAllAsync(cancellationToken))
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return next;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _running);
            generation.End(cancellationToken.IsCancellationRequested);
        }
    }

    public Task Listen(DeviceRequest draft, bool speculate, CancellationToken cancellationToken = default)
    {
        _drafts.Enqueue((draft, speculate));
        return Task.CompletedTask;
    }

    public Task Forget(string conversationId, CancellationToken cancellationToken = default)
    {
        _forgotten.Enqueue(conversationId);
        return Task.CompletedTask;
    }

    public ValueTask<DeviceStatus> Status(CancellationToken cancellationToken = default) => new(new DeviceStatus
    {
        DeviceId = Id,
        State = DeviceState.Ready,
        Model = new ModelStatus("scripted", "0123abcd", "none", 0, 4096),
        Load = new DeviceLoad(Running, 0, 16, Running, 16, 0, 4096, 0),
        SystemPrompt = SystemPrompt,
    });
}

/// <summary>One reply of a <see cref="ScriptedDevice"/>.</summary>
public sealed class ScriptedGeneration(string deviceId, DeviceRequest request)
{
    private readonly Channel<DeviceEvent> _events = Channel.CreateUnbounded<DeviceEvent>();
    private readonly TaskCompletionSource<bool> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public DeviceRequest Request { get; } = request;

    /// <summary>Completes when the device is free again: true when it was cancelled.</summary>
    public Task<bool> Ended => _ended.Task.WaitAsync(TimeSpan.FromSeconds(30));

    internal ChannelReader<DeviceEvent> Events => _events.Reader;

    public void Say(params IReadOnlyList<string> pieces)
    {
        foreach (var piece in pieces)
        {
            _events.Writer.TryWrite(new DeviceText(piece));
        }
    }

    public void Think(params IReadOnlyList<string> pieces)
    {
        foreach (var piece in pieces)
        {
            _events.Writer.TryWrite(new DeviceReasoning(piece));
        }
    }

    /// <summary>Asks for a call, as a model writes one: begun, then in pieces.</summary>
    public void Call(string callId, string name, string arguments = "{}", int index = 0)
    {
        BeginCall(callId, name, index);
        var half = arguments.Length / 2;
        _events.Writer.TryWrite(new DeviceToolArguments(index, arguments[..half], IsEnd: false));
        _events.Writer.TryWrite(new DeviceToolArguments(index, arguments[half..], IsEnd: true));
    }

    /// <summary>Begins a call that may never be whole.</summary>
    public void BeginCall(string callId, string name, int index = 0) => _events.Writer.TryWrite(new DeviceToolCall(index, callId, name));

    public void Finish(FinishReason reason = FinishReason.Stop, TokenUsage? usage = null, int dropped = 0)
    {
        var timings = new TurnTimings(FirstTokenMs: 5, TotalMs: 20, QueuedMs: 3);
        _events.Writer.TryWrite(new DeviceFinished(deviceId, reason, usage ?? new TokenUsage(10, 4, 6, 4), timings, dropped));
        _events.Writer.TryComplete();
    }

    public void Fail(Exception error) => _events.Writer.TryComplete(error);

    /// <summary>Ends the stream without a word about the end.</summary>
    public void BreakOff() => _events.Writer.TryComplete();

    internal void End(bool cancelled) => _ended.TrySetResult(cancelled);
}
