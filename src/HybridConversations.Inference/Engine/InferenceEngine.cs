using System.Collections.Concurrent;
using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Grammar;
using HybridConversations.Inference.Sampling;
using HybridConversations.Inference.Snapshots;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Inference.Engine;

/// <summary>
/// The engine of one device: continuous batching of all its generations on one dedicated thread, the only one that touches the backend's context.
/// Every public member may be called from any thread and never waits for inference.
/// </summary>
public sealed partial class InferenceEngine : IAsyncDisposable
{
    private const int FailuresUntilGivingUp = 3;
    private readonly SnapshotStore? _store;
    private readonly EngineCore _core;
    private readonly EngineOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ConcurrentQueue<EngineCommand> _commands = new();
    private readonly ManualResetEventSlim _wake = new();
    private readonly Lock _statusLock = new();
    private readonly GrammarLibrary _grammars;
    private readonly Lazy<TokenSet> _usualBreakers;
    private readonly int[] _endTokens;
    private readonly StepWatch _watch;
    private readonly ConcurrentDictionary<Generation, bool> _underWay = new();
    private readonly Thread _thread;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private EngineStatus _status;
    private volatile bool _stopping;
    private volatile bool _failed;
    private volatile bool _closed;
    private Task<bool>? _ending;
    private int _open;

    /// <summary>Starts the engine over a loaded backend, which it owns from now on.</summary>
    public InferenceEngine(IModelBackend backend, EngineOptions options, TimeProvider time, ILogger<InferenceEngine> logger)
    {
        Backend = backend;
        _options = options;
        _time = time;
        _grammars = new GrammarLibrary(backend);
        _usualBreakers = new(() => TokenSet.With(DryParameters.UsualBreakers, backend));
        _logger = logger;
        _store = SnapshotStore.TryOpen(options.Tiers.SnapshotFolder, backend.Info.LayoutKey, options.Tiers.SnapshotBytes, logger, time);
        _core = new EngineCore(backend, options, _store, run => Post(run, () => { }), time, logger);
        _endTokens = [.. Enumerable.Range(0, backend.Info.VocabularySize).Where(backend.IsEndOfGeneration)];
        _watch = new StepWatch(time, options.StepLimit, Abort);
        _thread = new Thread(Run) { Name = "inference engine", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Only its thread-safe members (tokenizer, template, <see cref="IModelBackend.Info"/>) may be used by others.</summary>
    public IModelBackend Backend { get; }

    /// <summary>Tokens one sequence may hold, prompt and reply together.</summary>
    public int SequenceLimit => EngineCore.SequenceLimit(Backend.Info, _options);

    /// <summary>As it was made.</summary>
    public EngineOptions Options => _options;

    /// <summary>What it does now; read from any thread.</summary>
    public EngineStatus Status
    {
        get
        {
            lock (_statusLock)
            {
                return _status with { Failed = _failed, HangingSince = _watch.HangingSince };
            }
        }
    }

    /// <summary>Reads a grammar for this model; a <see cref="JsonSchemaGrammar"/> becomes one too. May take milliseconds of the caller's time, never of the engine's.</summary>
    /// <param name="gbnf">In GBNF; its start is the rule <c>root</c>.</param>
    /// <exception cref="ProblemException"><c>invalid-request</c>: no grammar, or one that costs too much; names the rule.</exception>
    public CompiledGrammar CompileGrammar(string gbnf) => _grammars.Compile(gbnf);

    /// <summary>The tokens that have one of some texts in them, for <see cref="DryParameters.Breakers"/>. Reads the whole vocabulary on the caller's thread, but for the usual ones.</summary>
    public TokenSet TokensWith(IReadOnlyList<string> texts) =>
        texts.SequenceEqual(DryParameters.UsualBreakers) ? _usualBreakers.Value : TokenSet.With(texts, Backend);

    /// <summary>Queues a request.</summary>
    /// <exception cref="ProblemException">Too long, the queue is full, or the engine is stopping or has failed.</exception>
    public Generation Submit(GenerationRequest request)
    {
        if (_stopping || _failed)
        {
            throw new ProblemException(_failed
                ? new Problem(ProblemCodes.Internal, 503, "The engine has failed; see the log, and restart the process.", true, 2000)
                : Stopping());
        }

        var room = SequenceLimit - Math.Min(request.MaxTokens, 1);
        if (request.Prompt.Tokens.Length is var length && (length == 0 || length > room))
        {
            throw new ProblemException(ProblemCodes.PromptTooLong(length, room));
        }

        var limit = _options.Scheduler.QueueLimit + _options.Scheduler.MaxRunning;
        var generation = new Generation(request, _time.GetTimestamp(), _wake.Set);
        var sequence = new Sequence(generation, _endTokens, Backend); // may refuse the request
        if (Interlocked.Increment(ref _open) > limit)
        {
            Interlocked.Decrement(ref _open);
            throw new ProblemException(ProblemCodes.Overload($"{limit} requests are under way on this device, the most it takes.", RetryAfterMs()));
        }

        _underWay[generation] = true;
        _ = generation.Completion.ContinueWith(_ => Close(generation), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        Post(core => core.Accept(sequence), () => generation.Refuse(new ProblemException(Stopping())));
        return generation;
    }

    /// <summary>
    /// Makes what was read ahead the turn that adopts it. False when it had been given up: ask anew.
    /// </summary>
    public async Task<bool> Promote(Generation generation, TurnPriority priority)
    {
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(core => done.TrySetResult(core.Promote(generation, priority)), () => done.TrySetResult(false));
        return await done.Task;
    }

    /// <summary>Drops the KV state of a conversation, in every tier: on return it is gone. Once the engine has stopped only the disk has one.</summary>
    /// <exception cref="ProblemException"><c>storage-failed</c>: its files could not be deleted.</exception>
    public async Task Forget(string key)
    {
        var begun = new TaskCompletionSource<Task>(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(core => begun.TrySetResult(core.Forget(key)), () => begun.TrySetResult(_store?.Forget(key) ?? Task.CompletedTask));
        await await begun.Task;
    }

    /// <summary>Refuses what is under way, ends the thread and frees the backend. A step that does not come back is aborted, and left behind where that does not help either.</summary>
    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        _wake.Set();
        if (await BeginStop())
        {
            await Task.Run(_thread.Join); // the backend is freed at its end
        }

        _watch.Dispose();
        if (_store is not null)
        {
            await _store.DisposeAsync();
        }
    }

    /// <summary>
    /// The process is about to stop: from now on a step that does not come back is aborted, and where that does not help either, everything under way is refused, so that
    /// nobody waits for it. Requests go on until <see cref="DisposeAsync"/>.
    /// </summary>
    /// <returns>Completes with the thread's end; false when it was left behind.</returns>
    public Task<bool> BeginStop()
    {
        lock (_statusLock)
        {
            return _ending ??= WaitForEnd();
        }
    }

    private async Task<bool> WaitForEnd()
    {
        while (await Task.WhenAny(_stopped.Task, Task.Delay(_options.StopLimit / 4, _time)) != _stopped.Task)
        {
            if (_watch.Elapsed > 2 * _options.StopLimit)
            {
                LeaveBehind();
                return false;
            }

            if (_watch.Elapsed > _options.StopLimit)
            {
                Backend.RequestAbort();
            }
        }

        return true;
    }

    private void LeaveBehind()
    {
        LogLeftBehind(_watch.Elapsed.TotalSeconds);
        (_stopping, _closed) = (true, true);
        RefuseCommands();
        foreach (var generation in _underWay.Keys)
        {
            generation.Refuse(new ProblemException(Stopping()));
        }
    }

    private void Close(Generation generation)
    {
        _underWay.TryRemove(generation, out _);
        Interlocked.Decrement(ref _open);
    }

    /// <summary>A way out for a step that hangs: it is computed anew.</summary>
    private void Abort(TimeSpan elapsed)
    {
        LogHangs(elapsed.TotalSeconds);
        Backend.RequestAbort();
    }

    private int RetryAfterMs()
    {
        var status = Status;
        return (int)Math.Clamp((status.PromptBacklogTokens * status.PrefillTokenMs) + (status.DecodeStepMs * 50), 250, 30_000);
    }

    private static Problem Stopping() => new(ProblemCodes.Stopping, 503, "The device stopped before the reply was whole. Send the turn again.", true, 2000);

    /// <summary>Runs something on the engine's thread before its next step; where there is none any more it is refused instead.</summary>
    private void Post(Action<EngineCore> run, Action refuse)
    {
        _commands.Enqueue(new EngineCommand(run, refuse));
        _wake.Set();
        if (_closed)
        {
            RefuseCommands();
        }
    }

    private void Run()
    {
        var failures = 0;
        while (!_stopping)
        {
            _wake.Reset();
            try
            {
                _watch.Begin();
                Drain();
                var worked = _core.Step();
                Publish();
                failures = worked ? 0 : failures;
                var idle = !_core.SaveOne() && !worked;
                EndStep();
                if (idle && _commands.IsEmpty && !_stopping)
                {
                    _wake.Wait(_core.SaveDueIn is { } due ? TimeSpan.FromMilliseconds(Math.Ceiling(due)) : Timeout.InfiniteTimeSpan);
                }
            }
            catch (Exception error)
            {
                LogStepFailed(error);
                _failed = !StartAfresh() || ++failures >= FailuresUntilGivingUp;
                Publish();
                EndStep();
            }
        }

        Stop();
        _closed = true; // from here on whoever posts sees that nobody listens
        RefuseCommands();
        _stopped.SetResult();
        Backend.Dispose();
    }

    private void EndStep()
    {
        if (_watch.End())
        {
            LogGoesOn();
        }
    }

    /// <summary>After a step that failed: refuses everything under way and empties the KV memory. False when not even that can be done.</summary>
    private bool StartAfresh()
    {
        try
        {
            _core.RefuseAll(new Problem(ProblemCodes.Internal, 500, "A step of the engine failed; see the log. Send the turn again.", true, 1000));
            _core.DropAllKv();
            return true;
        }
        catch (Exception error)
        {
            LogStepFailed(error);
            return false;
        }
    }

    private void Stop()
    {
        foreach (var last in (ReadOnlySpan<Action>)[Drain, () => _core.RefuseAll(Stopping()), _core.SaveRest, Publish])
        {
            try
            {
                last();
            }
            catch (Exception error)
            {
                LogNotSaved(error);
            }
        }
    }

    private void RefuseCommands()
    {
        while (_commands.TryDequeue(out var command))
        {
            command.Refuse();
        }
    }

    private void Drain()
    {
        while (_commands.TryDequeue(out var command))
        {
            try
            {
                command.Run(_core);
            }
            catch
            {
                command.Refuse();
                throw;
            }
        }
    }

    private void Publish()
    {
        var status = _core.Status;
        lock (_statusLock)
        {
            _status = status;
        }
    }

    [LoggerMessage(12, LogLevel.Error, "The engine stopped, and not everything was saved: some conversations will be read again.")]
    private partial void LogNotSaved(Exception error);

    [LoggerMessage(13, LogLevel.Critical, "The engine has been in one step for {Seconds:F0} s: it hangs. The step is aborted, if the backend can. If it does not go on, restart the process and see what the GPU's driver says.")]
    private partial void LogHangs(double seconds);

    [LoggerMessage(14, LogLevel.Warning, "The engine goes on: the step that hung is over.")]
    private partial void LogGoesOn();

    [LoggerMessage(15, LogLevel.Critical, "The engine was stopped in a step that has not come back for {Seconds:F0} s: it is left behind, and what was not saved is read again after the start.")]
    private partial void LogLeftBehind(double seconds);

    [LoggerMessage(10, LogLevel.Error, "A step of the engine failed; everything under way was refused.")]
    private partial void LogStepFailed(Exception error);
}
