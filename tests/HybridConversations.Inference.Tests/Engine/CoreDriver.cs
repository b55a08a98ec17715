using System.Collections.Concurrent;
using System.Text;
using HybridConversations.Inference.Engine;
using HybridConversations.Inference.KvCache;
using HybridConversations.Inference.Sampling;
using HybridConversations.Inference.Scheduling;
using HybridConversations.Inference.Snapshots;
using HybridConversations.Tests.Common;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Inference.Tests.Engine;

/// <summary>Drives the engine's core by hand over the simulated backend, on a virtual clock that decoding moves on.</summary>
internal sealed class CoreDriver
{
    private readonly BlockingCollection<Action<EngineCore>> _posted = [];

    public CoreDriver(SimulatedBackendOptions? backend = null, SchedulerOptions? scheduler = null, KvTierOptions? tiers = null, SnapshotStore? store = null,
        ILogger? logger = null)
    {
        Backend = new SimulatedBackend((backend ?? new()) with { Spend = Clock.Advance });
        Core = new EngineCore(Backend, new EngineOptions { Scheduler = scheduler ?? new(), Tiers = tiers ?? new() }, store,
            _posted.Add, Clock, logger ?? NullLogger.Instance);
    }

    public VirtualClock Clock { get; } = new();
    public SimulatedBackend Backend { get; }
    public EngineCore Core { get; }

    public static SamplingParameters Greedy { get; } = new() { Temperature = 0 };

    public Generation Submit(string prompt, int maxTokens = 20, string? key = null, TurnPriority priority = TurnPriority.Interactive,
        bool speculative = false, int shared = 0, bool isPrivate = false, int? deadlineMs = null, params string[] stop)
    {
        var request = new GenerationRequest
        {
            Key = key,
            Prompt = new Prompt(SimulatedModel.Tokenize(prompt, parseSpecial: true)),
            MaxTokens = maxTokens,
            Sampling = Greedy,
            Priority = priority,
            Speculative = speculative,
            SharedTokens = shared,
            Private = isPrivate,
            DeadlineMs = deadlineMs,
            Stop = stop,
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
            Assert.True(++steps < 100_000, "The engine does not come to an end.");
        }
    }

    /// <summary>One turn of the engine's loop: commands, a step, a block to save.</summary>
    public bool Step()
    {
        while (_posted.TryTake(out var command))
        {
            command(Core);
        }

        var worked = Core.Step();
        return Core.SaveOne() || worked;
    }

    private bool WaitForDisk()
    {
        if (Core.Status.Waiting == 0)
        {
            return false;
        }

        Assert.True(_posted.TryTake(out var command, TimeSpan.FromSeconds(30)), "Nothing came from the disk.");
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
