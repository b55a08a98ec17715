using HybridConversations.Inference.Engine;
using HybridConversations.Inference.KvCache;
using HybridConversations.Inference.Sampling;
using HybridConversations.Inference.Scheduling;
using HybridConversations.Inference.Text;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Simulation.Devices;

/// <summary>
/// A device: the real engine (admission, planning, KV tiers, eviction, queue) on a clock of its own, over a backend that spends time in place of computing. Its disk is a
/// shelf of token lists. One thread.
/// </summary>
internal sealed class SimulatedDevice : IDisposable
{
    private static readonly int[] EndTokens = [LedgerBackend.VocabularySize - 1];
    private static readonly SamplingParameters Greedy = new() { Temperature = 0 };
    private readonly DeviceClock _clock = new();
    private readonly LedgerBackend _backend;
    private readonly EngineOptions _options;
    private readonly SnapshotShelf _disk;
    private readonly List<(Generation Generation, int Turn)> _open = [];
    private readonly DeviceShape _shape;
    private readonly ModelStatus _model;
    private EngineCore _core;

    public SimulatedDevice(string id, DeviceShape shape, int sequences = 64)
    {
        (Id, _shape) = (id, shape);
        _options = new EngineOptions
        {
            PromptLookup = false, // a matter of words, which are not simulated
            Scheduler = new SchedulerOptions { MaxRunning = shape.MaxRunning },
            Tiers = new KvTierOptions { ParkedBytes = shape.ParkedTokens },
            MaxTokensPerSequence = shape.Cells / 2,
        };
        _backend = new LedgerBackend(shape.Cells, sequences, 512, shape.Time, _clock);
        _disk = new SnapshotShelf(shape.DiskTokens);
        _core = NewCore();
        _model = new ModelStatus(shape.Model, shape.Model, "simulated", 1, shape.Cells);
    }

    public string Id { get; }

    /// <summary>Hash of its model.</summary>
    public string Model => _model.Hash;

    /// <summary>Seconds of the device's clock.</summary>
    public double Now => _clock.Seconds;

    public double BusyMs => _backend.BusyMs;

    /// <summary>Turns that it has and has not ended.</summary>
    public int Open => _open.Count;

    /// <summary>True while a step is scheduled.</summary>
    public bool Stepping { get; set; }

    public bool Dead { get; private set; }

    /// <summary>Seconds that a conversation's state takes from disk; 0 where it is in memory or nowhere.</summary>
    public double DiskSeconds(string key) => _core.Kv.Find(key) is null ? _disk.Tokens(key) * _shape.DiskMsPerToken / 1000 : 0;

    /// <summary>Hands over a turn. It is looked at before the next step.</summary>
    /// <param name="turn">Whose end is told.</param>
    /// <param name="key">Its conversation.</param>
    /// <param name="prompt">All tokens of the prompt.</param>
    /// <param name="shared">How many of them others begin with too.</param>
    /// <param name="replyTokens">Tokens of the reply.</param>
    /// <param name="at">Seconds.</param>
    public Generation Submit(int turn, string key, int[] prompt, int shared, int replyTokens, double at)
    {
        if (!Stepping)
        {
            _clock.Seconds = Math.Max(_clock.Seconds, at);
        }

        // Its engine is in a step that ends later: the request waits for that end, and the wait counts.
        var accepted = (long)(at * TimeSpan.TicksPerSecond);
        var generation = new Generation(
            new GenerationRequest { Key = key, Prompt = new Prompt(prompt, HasLiteralControl: true), MaxTokens = replyTokens, Sampling = Greedy, SharedTokens = shared, Priority = TurnPriority.Voice },
            accepted, static () => { });
        if ((_core.Kv.Find(key)?.Count ?? 0) < _disk.Tokens(key) && _disk.Load(key) is { } saved)
        {
            _core.Bring(saved);
        }

        _core.Accept(new Sequence(generation, EndTokens, _backend));
        _open.Add((generation, turn));
        return generation;
    }

    /// <summary>One step from <paramref name="at"/> on, with what the engine does between two steps. False when there was nothing to do.</summary>
    public bool Step(double at)
    {
        _clock.Seconds = Math.Max(_clock.Seconds, at);
        var worked = _core.Step();
        _core.SaveOne();
        return worked;
    }

    /// <summary>Takes a turn that has ended since the last call; null when there is none.</summary>
    public (int Turn, GenerationResult? Result)? TakeEnded()
    {
        for (var i = 0; i < _open.Count; i++)
        {
            var (generation, turn) = _open[i];
            if (generation.Completion.IsCompleted)
            {
                _open.RemoveAt(i);
                var result = generation.Completion.IsCompletedSuccessfully ? generation.Completion.Result : null;
                if (result is not null)
                {
                    var request = generation.Request;
                    // The last token of a reply has no KV yet.
                    _disk.Put(request.Key!, [.. request.Prompt.Tokens, .. Enumerable.Repeat(1, Math.Max(0, result.Usage.CompletionTokens - 1))]);
                }

                return (turn, result);
            }
        }

        return null;
    }

    /// <summary>A conversation is over.</summary>
    public void Leave(string key) => _disk.Leave(key);

    /// <summary>The device loses power: what it was doing is gone, its disk is not.</summary>
    public IReadOnlyList<int> Die()
    {
        Dead = true;
        int[] lost = [.. _open.Select(open => open.Turn)];
        _open.Clear();
        return lost;
    }

    public void Revive(double at)
    {
        Dead = false;
        _core = NewCore();
        for (var sequence = 0; sequence < _backend.Info.MaxSequences; sequence++)
        {
            _backend.RemoveRange(sequence, -1, -1);
        }

        _clock.Seconds = Math.Max(_clock.Seconds, at);
    }

    /// <summary>As LocalDevice reports itself.</summary>
    public DeviceStatus Status()
    {
        var status = _core.Status;
        return new DeviceStatus
        {
            DeviceId = Id,
            State = Dead ? DeviceState.Failed : DeviceState.Ready,
            Model = _model,
            Load = new DeviceLoad(status.Running, status.Waiting, _options.Scheduler.QueueLimit, status.Sequences, _backend.Info.MaxSequences, status.KvCellsUsed, _shape.Cells, status.PromptBacklogTokens),
            Profile = status.TokensGenerated == 0 ? null : new DeviceProfile(status.DecodeStepMs, 1000 / status.PrefillTokenMs, 1000 / Math.Max(0.001, status.DecodeStepMs)),
        };
    }

    public void Dispose() => _backend.Dispose();

    private EngineCore NewCore() => new(_backend, _options, null, static _ => { }, _clock, NullLogger.Instance);
}
