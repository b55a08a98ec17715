using System.Diagnostics.Metrics;
using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Diagnostics;
using HybridConversations.Inference.Engine;
using HybridConversations.Inference.Sampling;
using HybridConversations.Inference.Tests.Backends;
using HybridConversations.Inference.Text;
using HybridConversations.Tests.Common;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Inference.Tests.Engine;

/// <summary>The gate on allocated bytes: the loop allocates nothing per token, with the real backend.</summary>
public sealed class AllocationTests
{
    private const int Streams = 4;
    private const int Tokens = 200;

    [SkippableTheory]
    [InlineData(0, "")]
    [InlineData(0.8, "")]
    [InlineData(0.8, "a stop string that never comes")]
    public async Task The_loop_allocates_nothing_per_token(double temperature, string stop)
    {
        using var listener = Listen(out var steps);
        using var backend = await RealBackend.Load(new BackendOptions { ModelPath = RepositoryFiles.DemoModel, Context = 2048, MaxSequences = 8 });
        var core = new EngineCore(backend, new EngineOptions { PromptLookup = false }, store: null, _ => { }, TimeProvider.System, NullLogger.Instance);
        int[] ends = [.. Enumerable.Range(0, backend.Info.VocabularySize).Where(backend.IsEndOfGeneration)];
        for (var i = 0; i < Streams; i++)
        {
            var request = new GenerationRequest
            {
                Key = $"c{i}",
                Prompt = new Prompt(backend.Tokenize($"Tell me story number {i}.", addSpecial: true, parseSpecial: false)),
                MaxTokens = Tokens,
                Sampling = new SamplingParameters { Temperature = (float)temperature, Seed = i, IgnoreEnd = true },
                Stop = stop.Length > 0 ? [stop] : [],
            };
            core.Accept(new Sequence(new Generation(request, TimeProvider.System.GetTimestamp(), () => { }), ends, backend));
        }

        for (var warm = 0; warm < 60; warm++)
        {
            core.Step();
        }

        // What is allocated for each token shows in both halves; a buffer that grows once, in whichever step a reply first needs it, in one.
        var (first, second) = (Allocated(), Allocated());
        Assert.True(Math.Min(first, second) / (50.0 * Streams) < 1, $"{first} and {second} bytes for {50 * Streams} tokens each");
        Assert.True(steps() >= 160, $"{steps()} steps were measured.");

        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var step = 0; step < 50; step++)
            {
                Assert.True(core.Step());
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    /// <summary>Somebody collects the engine's metrics meanwhile.</summary>
    private static MeterListener Listen(out Func<long> steps)
    {
        var count = 0L;
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == EngineMeter.Name)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((_, _, _, _) => Interlocked.Increment(ref count));
        listener.SetMeasurementEventCallback<double>((_, _, _, _) => { });
        listener.Start();
        steps = () => Interlocked.Read(ref count);
        return listener;
    }
}
