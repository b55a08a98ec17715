using System.Collections.Concurrent;
using System.Text;
using HybridConversations.Inference.Engine;
using HybridConversations.Inference.Grammar;
using HybridConversations.Inference.KvCache;
using HybridConversations.Inference.Sampling;
using HybridConversations.Inference.Scheduling;
using HybridConversations.Inference.Snapshots;
using HybridConversations.Inference.Text;
using HybridConversations.Tests.Common;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Inference.Tests.Engine;

/// <summary>Drives the engine's core by hand over the simulated backend, on a virtual clock that decoding moves on.</summary>
internal sealed class CoreDriver
{
    private readonly BlockingCollection<Action<EngineCore>> _posted = [];

    public CoreDriver(SimulatedBackendOptions? backend = null, SchedulerOptions? scheduler = null, KvTierOptions? tiers = null, SnapshotStore? store = null,
        ILogger? logger = null, long grammarWork = GrammarMatcher.WorkPerToken)
    {
        Backend = new SimulatedBackend((backend ?? new()) with { Spend = Clock.Advance });
        Core = new EngineCore(Backend, new EngineOptions { Scheduler = scheduler ?? new(), Tiers = tiers ?? new() }, store,
            _posted.Add, Clock, logger ?? NullLogger.Instance)
        {
            GrammarWorkPerStep = grammarWork,
        };
    }

    public VirtualClock Clock { get; } = new();
    public SimulatedBackend Backend { get; }
    public EngineCore Core { get; }

    public static SamplingParameters Greedy { get; } = new() { Temperature = 0 };

    public Generation Submit(string prompt, int maxTokens = 20, string? key = null, TurnPriority priority = TurnPriority.Interactive,
        bool readAhead = false, int shared = 0, bool isPrivate = false, int? deadlineMs = null, CompiledGrammar? grammar = null, params string[] stop)
    {
        var request = new GenerationRequest
        {
            Key = key,
            Prompt = new Prompt(SimulatedModel.Tokenize(prompt, parseSpecial: true)),
            MaxTokens = maxTokens,
            Sampling = Greedy,
            Priority = priority,
            ReadAhead = readAhead,
            SharedTokens = shared,
            Private = isPrivate,
            DeadlineMs = deadlineMs,
            Stop = stop,
            Grammar = grammar,
        };
        var generation = new Generation(request, Clock.GetTimestamp(), () => { });
        Core.Accept(new Sequence(generation, [SimulatedModel.MessageEnd, SimulatedModel.EndOfText], Backend));
        return generation;
    }

    public void RunToEnd()
    {
        var steps = 0;
        while (Step() || WaitForDisk())
        {
            Assert.True(++steps < 100_000, $"The engine does not come to an end: {Core.Status}, saves wait: {Core.SavesWait}.");
        }
    }

    /// <summary>One turn of the engine's loop: commands, a step, a block to save.</summary>
    public bool Step()
    {
        TakeCommands();
        var worked = Core.Step();
        return Core.SaveOne() || worked;
    }

    /// <summary>Takes in what came from other threads. True when there was something.</summary>
    private bool TakeCommands()
    {
        var any = false;
        while (_posted.TryTake(out var command))
        {
            command(Core);
            any = true;
        }

        return any;
    }

    private bool WaitForDisk()
    {
        if (TakeCommands())
        {
            return true;
        }

        if (Core.Status is { Waiting: 0, Running: 0 } && !Core.SavesWait)
        {
            return false;
        }

        Assert.True(_posted.TryTake(out var command, TimeSpan.FromSeconds(30)), $"Nothing came from the disk: {Core.Status}, saves wait: {Core.SavesWait}, {Core.Kv.Cells.Free} cells free, {Core.Kv.Cells.HeldByRunning} held by who runs.");
        command!(Core);
        return true;
    }

    public static async Task<string> TextOf(Generation generation)
    {
        var text = new StringBuilder();
        await foreach (var piece in generation.ReadAsync())
        {
            text.Append(piece.Text);
        }

        return text.ToString();
    }
}
