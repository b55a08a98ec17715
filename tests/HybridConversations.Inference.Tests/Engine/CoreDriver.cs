using System.Text;
using HybridConversations.Inference.Engine;
using HybridConversations.Inference.Sampling;
using HybridConversations.Inference.Scheduling;
using HybridConversations.Tests.Common;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Inference.Tests.Engine;

/// <summary>Drives the engine's core by hand over the simulated backend, on a virtual clock that decoding moves on.</summary>
internal sealed class CoreDriver
{
    public CoreDriver(SimulatedBackendOptions? backend = null, SchedulerOptions? scheduler = null)
    {
        Backend = new SimulatedBackend((backend ?? new()) with { Spend = Clock.Advance });
        Core = new EngineCore(Backend, new EngineOptions { Scheduler = scheduler ?? new() }, Clock, NullLogger.Instance);
    }

    public VirtualClock Clock { get; } = new();
    public SimulatedBackend Backend { get; }
    public EngineCore Core { get; }

    public static SamplingParameters Greedy { get; } = new() { Temperature = 0 };

    public Generation Submit(string prompt, int maxTokens = 20, string? key = null, TurnPriority priority = TurnPriority.Interactive,
        bool speculative = false, params string[] stop)
    {
        var request = new GenerationRequest
        {
            Key = key,
            Prompt = new Prompt(SimulatedModel.Tokenize(prompt, parseSpecial: true)),
            MaxTokens = maxTokens,
            Sampling = Greedy,
            Priority = priority,
            Speculative = speculative,
            Stop = stop,
        };
        var generation = new Generation(request, Clock.GetTimestamp(), () => { });
        Core.Accept(new Sequence(generation));
        return generation;
    }

    public void RunToEnd()
    {
        for (var steps = 0; Core.Step(); steps++)
        {
            Assert.True(steps < 100_000, "The engine does not come to an end.");
        }
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
