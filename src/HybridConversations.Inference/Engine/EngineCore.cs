using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Diagnostics;
using HybridConversations.Inference.KvCache;
using HybridConversations.Inference.Sampling;
using HybridConversations.Inference.Scheduling;
using HybridConversations.Inference.Snapshots;
using HybridConversations.Inference.Speculation;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Inference.Engine;

/// <summary>
/// The engine without its thread: one call of <see cref="Step"/> is one step (admit → plan → decode → sample → hand out). Everything here belongs to one thread,
/// so a test drives it on a virtual clock.
/// </summary>
internal sealed partial class EngineCore
{
    private readonly IModelBackend _backend;
    private readonly EngineOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ResidentKv _kv;
    private readonly KvTiers _tiers;
    private readonly Admission _admission;
    private readonly ReplyWriter _writer;
    private readonly List<Sequence> _running = [];
    private readonly WaitingQueue _waiting = new();
    private readonly StepCostModel _cost = new();
    private readonly BatchPlan _plan = new();
    private readonly PromptLookup _lookup = new();
    private readonly TokenBatch _batch;
    private readonly SamplingScratch _scratch;
    private readonly Func<Sequence, SequenceView> _view;
    private SequenceView[] _views = new SequenceView[16];
    private bool _needsSlot;

    /// <summary>Has this step saved, parked or restored a block? It does so once.</summary>
    private bool _moved;
    private long _steps;
    private long _generated;
    private long _read;
    private long _drafted;
    private long _draftsAccepted;

    /// <param name="backend">The model; used by this core alone.</param>
    /// <param name="options">Targets and limits.</param>
    /// <param name="store">Snapshots on disk; null for none.</param>
    /// <param name="post">Runs a command on the core's thread before a later step.</param>
    /// <param name="time">Clock of everything measured here.</param>
    /// <param name="logger">For what an operator should know.</param>
    public EngineCore(IModelBackend backend, EngineOptions options, SnapshotStore? store, Action<Action<EngineCore>> post, TimeProvider time, ILogger logger)
    {
        _backend = backend;
        _options = options;
        _time = time;
        _logger = logger;
        _kv = new ResidentKv(backend);
        _tiers = new KvTiers(backend, _kv, options.Tiers, store, action => post(_ => action()), logger);
        _admission = new Admission(backend, _kv, _tiers, new PrefixBreaks(backend, logger), SequenceLimit(backend.Info, options));
        _writer = new ReplyWriter(backend);
        _batch = new TokenBatch(backend.Info.BatchSize);
        _scratch = new SamplingScratch(backend.Info.VocabularySize);
        _view = ViewOf;
    }

    /// <summary>Tokens one sequence may hold.</summary>
    public static int SequenceLimit(BackendInfo info, EngineOptions options)
    {
        var limit = Math.Min(info.TrainedContext, info.Cells);
        return options.MaxTokensPerSequence > 0 ? Math.Min(limit, options.MaxTokensPerSequence) : limit;
    }

    public EngineStatus Status => new()
    {
        Running = _running.Count,
        Waiting = _waiting.Count,
        Sequences = _kv.Held,
        KvCellsUsed = _kv.Cells.Used,
        ParkedStates = _tiers.ParkedStates,
        ParkedBytes = _tiers.ParkedBytes,
        HostBytes = _tiers.HostBytes,
        PromptBacklogTokens = Backlog(),
        Steps = _steps,
        TokensGenerated = _generated,
        TokensRead = _read,
        TokensDrafted = _drafted,
        DraftsAccepted = _draftsAccepted,
        DecodeStepMs = _cost.StepMs(1, 0),
        PrefillTokenMs = _cost.PrefillTokenMs,
    };

    internal ResidentKv Kv => _kv;
    /// <summary>Units of work that grammars took in the last step.</summary>
    internal long GrammarWork { get; private set; }
    internal StepCostModel Cost => _cost;

    /// <summary>Does a state that should be saved wait for the disk?</summary>
    internal bool SavesWait => _tiers.SavesWait;

    /// <summary>Look-ups of where a waiting prompt's beginning could come from, so far.</summary>
    internal long LookUps => _admission.LookUps;

    /// <summary>Takes a request in; refusals fault its <see cref="Generation.Completion"/>.</summary>
    public void Accept(Sequence sequence)
    {
        if (sequence.Request.Key is { } key)
        {
            if (sequence.ReadAhead && (_running.Exists(s => IsTurnOf(s, key)) || _waiting.All.Any(s => IsTurnOf(s, key))))
            {
                End(sequence, FinishReason.Interrupted); // it came late: its turn is here
                return;
            }

            CancelReadAhead(key);
        }

        if (sequence.Request.DeadlineMs is { } deadline && _cost.Samples >= CompletionEstimate.StepsUntilBelieved
            && Estimate(sequence) is var expected && expected > deadline)
        {
            Refuse(sequence, ProblemCodes.LateReply(deadline, expected));
            return;
        }

        _waiting.Add(sequence);
    }

    /// <summary>Makes what was read ahead the turn that adopts it. False when it was given up meanwhile.</summary>
    public bool Promote(Generation generation, TurnPriority priority)
    {
        if (_running.Concat(_waiting.All).FirstOrDefault(s => s.Generation == generation) is { } sequence)
        {
            sequence.Promote(priority);
            return !generation.Cancelled;
        }

        return generation.Completion is { IsCompletedSuccessfully: true, Result.FinishReason: not FinishReason.Interrupted };
    }

    /// <summary>Drops the KV state of a conversation; generations of it end.</summary>
    /// <returns>Completes when the disk has forgotten it, too.</returns>
    public Task Forget(string key)
    {
        foreach (var sequence in _running.Concat(_waiting.All).Where(s => s.Request.Key == key).ToArray())
        {
            End(sequence, FinishReason.Interrupted);
        }

        if (_kv.Find(key) is { } slot)
        {
            _kv.Evict(slot);
        }

        return _tiers.Forget(key);
    }

    /// <summary>Ends everything with the same problem.</summary>
    public void RefuseAll(Problem problem)
    {
        foreach (var sequence in _running.Concat(_waiting.All).ToArray())
        {
            Refuse(sequence, problem);
        }
    }

    /// <summary>After a fatal error of the backend, once everything is refused: nothing in the KV memory can be trusted, whatever our books say.</summary>
    public void DropAllKv()
    {
        _tiers.Abandon();
        _kv.Clear();
    }

    /// <summary>
    /// Saves one block of an idle conversation, to disk or to host memory, where one is due and the step did not move one already: nobody waits longer than for a block.
    /// </summary>
    public bool SaveOne() => !_moved && (_tiers.SaveOne(NowMs) || _tiers.ParkOne(NowMs));

    /// <summary>Saves whatever is not saved yet: the last thing before the end.</summary>
    public void SaveRest() => _tiers.SaveRest();

    /// <summary>Milliseconds until there is something to save; null for nothing.</summary>
    public double? SaveDueIn => _tiers.SaveDueIn(NowMs);

    /// <summary>One step. False when there was nothing to do.</summary>
    public bool Step()
    {
        EndCancelled();
        AdmitWaiting();
        _moved = MoveBlock();
        BuildPlan();
        if (!MakeRoom())
        {
            return true; // there is not enough yet, or somebody was sent back to the queue: plan anew
        }

        BuildBatch();
        if (_batch.Count == 0)
        {
            return _moved;
        }

        var started = _time.GetTimestamp();
        if (_backend.Decode(_batch) is not DecodeStatus.Ok and var status)
        {
            LogNotDecoded(status, _batch.Count, _kv.Cells.Free);
            if (status == DecodeStatus.Aborted)
            {
                _cost.Observe(_batch.Count - _plan.PrefillTokens, _plan.PrefillTokens, ElapsedMs(started)); // at least as long: the next plan is smaller
            }

            RollBack(status);
            return true;
        }

        RecordComputed();
        TakeCheckpoints();
        Sample();
        _cost.Observe(_batch.Count - _plan.PrefillTokens, _plan.PrefillTokens, ElapsedMs(started));
        _steps++;
        _tiers.CountStep();
        return true;
    }

    private SequenceView ViewOf(Sequence sequence)
    {
        var waited = ElapsedMs(sequence.Generation.AcceptedAt);
        var unserved = sequence.ServedAt == 0 ? waited : ElapsedMs(sequence.ServedAt);
        return new SequenceView(sequence.Pending, sequence.Class, waited, unserved, (sequence.Request.DeadlineMs ?? double.PositiveInfinity) - waited);
    }

    private int Backlog()
    {
        var sum = 0;
        foreach (var sequence in _running)
        {
            sum += Math.Max(0, sequence.Pending - 1);
        }

        foreach (var sequence in _waiting.All)
        {
            sum += sequence.Pending;
        }

        return sum;
    }

    private double NowMs => _time.GetElapsedTime(0, _time.GetTimestamp()).TotalMilliseconds;

    private double ElapsedMs(long since) => _time.GetElapsedTime(since).TotalMilliseconds;

    [LoggerMessage(1, LogLevel.Warning, "The backend did not decode ({Status}): {Rows} rows, {Free} KV cells free by our count.")]
    private partial void LogNotDecoded(DecodeStatus status, int rows, int free);

    [LoggerMessage(2, LogLevel.Information, "KV memory is short: a generation of {Tokens} tokens gives way to {Others} others and will be read again.")]
    private partial void LogGaveWay(int tokens, int others);

    [LoggerMessage(6, LogLevel.Error, "A fault of one generation ended it; the others go on.")]
    private partial void LogFaulted(Exception fault);
}
