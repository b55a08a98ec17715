using HybridConversations.Inference.Backends;
using HybridConversations.Inference.KvCache;
using HybridConversations.Inference.Sampling;
using HybridConversations.Inference.Scheduling;
using HybridConversations.Inference.Snapshots;
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
    private readonly Action<Action<EngineCore>> _post;
    private readonly ReplyWriter _writer;
    private readonly List<Sequence> _running = [];
    private readonly WaitingQueue _waiting = new();
    private readonly StepCostModel _cost = new();
    private readonly BatchPlan _plan = new();
    private readonly TokenBatch _batch;
    private readonly Candidates _candidates;
    private readonly float[] _scratch;
    private readonly Func<Sequence, SequenceView> _view;
    private SequenceView[] _views = new SequenceView[16];
    private long _steps;
    private long _generated;
    private long _read;

    /// <param name="backend">The model; used by this core alone.</param>
    /// <param name="options">Targets and limits.</param>
    /// <param name="store">Snapshots on disk; null for none.</param>
    /// <param name="post">Runs a command on the core's thread before a later step.</param>
    /// <param name="time">Clock of everything measured here.</param>
    /// <param name="logger">For what an operator should know.</param>
    public EngineCore(IModelBackend backend, EngineOptions options, SnapshotStore? store, Action<Action<EngineCore>> post, TimeProvider time, ILogger logger)
    {
        _post = post;
        _backend = backend;
        _options = options;
        _time = time;
        _logger = logger;
        _kv = new ResidentKv(backend);
        _tiers = new KvTiers(backend, _kv, options.Tiers, store, logger);
        _admission = new Admission(backend, _kv, _tiers);
        _writer = new ReplyWriter(backend);
        _batch = new TokenBatch(backend.Info.BatchSize);
        _candidates = new Candidates(backend.Info.VocabularySize);
        _scratch = new float[backend.Info.VocabularySize];
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
        PromptBacklogTokens = Backlog(),
        Steps = _steps,
        TokensGenerated = _generated,
        TokensRead = _read,
        DecodeStepMs = _cost.StepMs(1, 0),
        PrefillTokenMs = _cost.PrefillTokenMs,
    };

    internal ResidentKv Kv => _kv;
    internal StepCostModel Cost => _cost;

    /// <summary>Takes a request in; refusals fault its <see cref="Generation.Completion"/>.</summary>
    public void Accept(Sequence sequence)
    {
        if (sequence.Request.Key is { } key)
        {
            CancelGuesses(key);
        }

        if (sequence.Request.DeadlineMs is { } deadline && _cost.Samples >= CompletionEstimate.StepsUntilBelieved
            && Estimate(sequence) is var expected && expected > deadline)
        {
            Refuse(sequence, ProblemCodes.LateReply(deadline, expected));
            return;
        }

        _waiting.Add(sequence);
    }

    /// <summary>Makes a guess a request. False when it was given up meanwhile.</summary>
    public bool Promote(Generation generation, TurnPriority priority)
    {
        if (_running.Concat(_waiting.All).FirstOrDefault(s => s.Generation == generation) is { } sequence)
        {
            sequence.Promote(priority);
            return !generation.Cancelled;
        }

        return generation.Completion is { IsCompletedSuccessfully: true, Result.FinishReason: not FinishReason.Interrupted };
    }

    /// <summary>Drops the KV state of a conversation; a running generation of it ends.</summary>
    public void Forget(string key)
    {
        foreach (var sequence in _running.Where(s => s.Request.Key == key).ToArray())
        {
            End(sequence, FinishReason.Interrupted);
        }

        if (_kv.Find(key) is { } slot)
        {
            _kv.Evict(slot);
        }

        _tiers.Forget(key);
    }

    /// <summary>Ends everything with the same problem.</summary>
    public void RefuseAll(Problem problem)
    {
        foreach (var sequence in _running.Concat(_waiting.All).ToArray())
        {
            Refuse(sequence, problem);
        }
    }

    /// <summary>After a fatal error of the backend: nothing in the KV memory can be trusted.</summary>
    public void DropAllKv()
    {
        foreach (var slot in _kv.Slots)
        {
            if (slot.Count > 0)
            {
                _kv.Evict(slot);
            }
        }
    }

    /// <summary>Saves one block of an idle conversation, where one is due: between steps, so that nobody waits longer than for a block.</summary>
    public bool SaveOne() => _tiers.SaveOne(NowMs);

    /// <summary>Saves whatever is not saved yet: the last thing before the end.</summary>
    public void SaveRest()
    {
        while (_tiers.SaveOne(double.MaxValue))
        {
        }
    }

    /// <summary>Milliseconds until there is something to save; null for nothing.</summary>
    public double? SaveDueIn => _tiers.SaveDueIn(NowMs);

    /// <summary>One step. False when there was nothing to do.</summary>
    public bool Step()
    {
        EndCancelled();
        AdmitWaiting();
        if (_running.Count == 0)
        {
            return false;
        }

        BuildPlan();
        if (!MakeRoom())
        {
            return true; // somebody was sent back to the queue: plan anew
        }

        BuildBatch();
        if (_batch.Count == 0)
        {
            return false;
        }

        var started = _time.GetTimestamp();
        if (_backend.Decode(_batch) is not DecodeStatus.Ok and var status)
        {
            LogNotDecoded(status, _batch.Count, _kv.Cells.Free);
            RollBack(status);
            return true;
        }

        RecordComputed();
        Sample();
        _cost.Observe(_plan.DecodeRows, _plan.PrefillTokens, ElapsedMs(started));
        _steps++;
        return true;
    }

    private void EndCancelled()
    {
        for (var i = _running.Count - 1; i >= 0; i--)
        {
            if (_running[i].Generation.Cancelled)
            {
                End(_running[i], FinishReason.Interrupted);
            }
        }

        for (var i = _waiting.Count - 1; i >= 0; i--)
        {
            if (_waiting.All[i].Generation.Cancelled)
            {
                End(_waiting.All[i], FinishReason.Interrupted);
            }
        }
    }

    /// <summary>A new request of a conversation takes the place of what was read or guessed ahead for it.</summary>
    private void CancelGuesses(string key)
    {
        foreach (var guess in _running.Concat(_waiting.All).Where(s => s.Request.Speculative && s.Request.Key == key).ToArray())
        {
            End(guess, FinishReason.Interrupted);
        }
    }

    private void AdmitWaiting()
    {
        while (_waiting.Next(_view, _options.Scheduler) is { } next)
        {
            if (_running.Count >= _options.Scheduler.MaxRunning)
            {
                if (!ShedGuess(next))
                {
                    return;
                }

                continue;
            }

            if (next.Request.DeadlineMs is { } deadline && !next.Admitted && ElapsedMs(next.Generation.AcceptedAt) is var waited && waited > deadline)
            {
                Refuse(next, ProblemCodes.LateReply(deadline, waited));
                continue;
            }

            switch (_admission.TryAdmit(next, Admission.Reserved(_running, _options.Scheduler.GrowthReserve), _options.Scheduler.GrowthReserve))
            {
                case Admitted.No when ShedGuess(next):
                    continue;
                case Admitted.No:
                    return; // no overtaking: whoever is next would starve
                case Admitted.AfterLoading:
                    _ = Load(next);
                    continue;
            }

            _waiting.Remove(next);
            _running.Add(next);
            if (next.QueuedMs == 0)
            {
                next.QueuedMs = ElapsedMs(next.Generation.AcceptedAt);
            }
        }
    }

    /// <summary>Gives up a guess for somebody who asked. False when there is none.</summary>
    private bool ShedGuess(Sequence next)
    {
        var guess = next.Class == ServiceClass.Speculative ? null : _running.Find(s => s.Class == ServiceClass.Speculative);
        if (guess is null)
        {
            return false;
        }

        End(guess, FinishReason.Interrupted);
        return true;
    }

    /// <summary>Fetches a sequence's KV from disk while others go on.</summary>
    private async Task Load(Sequence sequence)
    {
        sequence.DiskState = DiskState.Loading;
        var image = await _tiers.LoadAsync(sequence.Request.Key, sequence.Tokens[..^1].ToArray());
        _post(core => core.Loaded(sequence, image));
    }

    private void Loaded(Sequence sequence, KvImage? image)
    {
        sequence.DiskState = DiskState.Asked;
        if (_waiting.All.Contains(sequence))
        {
            sequence.Loaded = image;
        }
        else
        {
            image?.Dispose(); // cancelled meanwhile
        }
    }

    private void BuildPlan()
    {
        if (_views.Length < _running.Count)
        {
            Array.Resize(ref _views, 2 * _running.Count);
        }

        for (var i = 0; i < _running.Count; i++)
        {
            _views[i] = ViewOf(_running[i]);
        }

        BatchPlanner.Plan(_views.AsSpan(0, _running.Count), _cost, _options.Scheduler, _batch.Capacity, _plan);
    }

    /// <summary>Frees the cells that the plan needs. False when a running sequence had to give way.</summary>
    private bool MakeRoom()
    {
        while (_kv.Cells.Free < _plan.Total)
        {
            if (_kv.EvictOne())
            {
                continue;
            }

            var victim = LastInOrder();
            LogGaveWay(victim.Tokens.Length, _running.Count);
            if (_running.Count == 1)
            {
                End(victim, FinishReason.Length); // alone and the memory is full: its context has ended
            }
            else
            {
                _running.Remove(victim);
                Vacate(victim, evict: true);
                _waiting.Add(victim);
            }

            return false;
        }

        return true;
    }

    private void BuildBatch()
    {
        _batch.Clear();
        for (var i = 0; i < _running.Count; i++)
        {
            var sequence = _running[i];
            sequence.LogitsRow = -1;
            var slot = sequence.Slot!;
            var rows = _plan.Rows[i];
            for (var j = 0; j < rows; j++)
            {
                var position = slot.Count + j;
                var last = position == sequence.Tokens.Length - 1;
                var row = _batch.Add(sequence.Tokens[position], position, slot.Id, last && sequence.Remaining > 0);
                sequence.LogitsRow = last ? row : -1;
            }
        }
    }

    private void RecordComputed()
    {
        for (var i = 0; i < _running.Count; i++)
        {
            var sequence = _running[i];
            var slot = sequence.Slot!;
            for (var j = 0; j < _plan.Rows[i]; j++)
            {
                _kv.Append(slot, sequence.Tokens[slot.Count]);
            }
        }

        _read += _plan.PrefillTokens;
    }

    private void Sample()
    {
        for (var i = _running.Count - 1; i >= 0; i--)
        {
            var sequence = _running[i];
            if (sequence.LogitsRow < 0)
            {
                continue;
            }

            if (sequence.Remaining <= 0)
            {
                End(sequence, FinishReason.Length); // read ahead: its prompt is computed
                continue;
            }

            var logits = _backend.Logits(sequence.LogitsRow);
            var token = sequence.Sampler.Sample(logits, _scratch, _candidates);
            if (sequence.Generated == 0)
            {
                sequence.FirstTokenMs = ElapsedMs(sequence.Generation.AcceptedAt);
            }

            _generated++;
            if (_backend.IsEndOfGeneration(token))
            {
                End(sequence, FinishReason.Stop);
                continue;
            }

            sequence.Sampler.Accept(token);
            sequence.Add(token);
            if (_writer.Write(sequence, token, logits))
            {
                End(sequence, FinishReason.Stop);
            }
            else if (sequence.Remaining <= 0 || sequence.Tokens.Length >= SequenceLimit(_backend.Info, _options))
            {
                End(sequence, FinishReason.Length);
            }
        }
    }

    private void End(Sequence sequence, FinishReason reason)
    {
        Release(sequence);
        ReplyWriter.Flush(sequence);
        var usage = sequence.Usage();
        var timings = new TurnTimings(sequence.FirstTokenMs, ElapsedMs(sequence.Generation.AcceptedAt), sequence.QueuedMs);
        sequence.Generation.Finish(new GenerationResult(reason, usage, timings));
    }

    private void Refuse(Sequence sequence, Problem problem)
    {
        Release(sequence);
        sequence.Generation.Refuse(new ProblemException(problem));
    }

    /// <summary>Milliseconds until a new request would be done, counting what its conversation's KV saves.</summary>
    private double Estimate(Sequence sequence)
    {
        var held = _kv.Find(sequence.Request.Key) is { } slot ? slot.Tokens.CommonPrefixLength(sequence.Tokens) : 0;
        SequenceView[] others = [.. _running.Concat(_waiting.All).Select(ViewOf)];
        return CompletionEstimate.Milliseconds(ViewOf(sequence) with { Pending = sequence.Pending - held }, sequence.Request.MaxTokens, others, _cost, _options.Scheduler);
    }

    private void Release(Sequence sequence)
    {
        if (!_running.Remove(sequence))
        {
            _waiting.Remove(sequence);
        }

        Vacate(sequence, evict: false);
        sequence.TakeLoaded()?.Dispose();
        sequence.Request.Grammar?.Dispose();
    }

    private void Vacate(Sequence sequence, bool evict)
    {
        if (sequence.Slot is { } slot)
        {
            sequence.Slot = null;
            _kv.SetRunning(slot, false);
            if (evict || slot.Count == 0)
            {
                _kv.Evict(slot);
            }
            else
            {
                _tiers.MarkDirty(slot, NowMs);
            }
        }
    }

    /// <summary>The backend computed nothing that is on record: take back whatever it did.</summary>
    private void RollBack(DecodeStatus status)
    {
        foreach (var sequence in _running)
        {
            var slot = sequence.Slot!;
            if (_backend.MaxPosition(slot.Id) >= slot.Count)
            {
                _backend.RemoveRange(slot.Id, slot.Count, -1);
            }
        }

        if (status == DecodeStatus.NoKvRoom && !_kv.EvictOne() && _running.Count > 0)
        {
            var victim = LastInOrder();
            _running.Remove(victim);
            Vacate(victim, evict: true);
            _waiting.Add(victim);
        }
    }

    private Sequence LastInOrder()
    {
        var last = _running[0];
        foreach (var sequence in _running)
        {
            if (BatchPlanner.Before(ViewOf(last), ViewOf(sequence), _options.Scheduler))
            {
                last = sequence;
            }
        }

        return last;
    }

    private SequenceView ViewOf(Sequence sequence)
    {
        var waited = ElapsedMs(sequence.Generation.AcceptedAt);
        return new SequenceView(sequence.Pending, sequence.Class, waited, (sequence.Request.DeadlineMs ?? double.PositiveInfinity) - waited);
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
}
