using System.Globalization;
using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Engine;
using HybridConversations.Inference.LlamaCpp.Direct;
using HybridConversations.Simulation.Measuring;
using HybridConversations.Tests.Common;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace HybridConversations.Simulation.Tests.Measuring;

public sealed class CalibrationCheckTests(ITestOutputHelper output)
{
    /// <summary>How near the prediction comes is a matter of a quiet machine (docs/planning.md); here other tests share the processors.</summary>
    [Fact]
    public async Task ARealEngineIsCalibratedAndComparedAtOneToSixteenStreams()
    {
        var backend = await new LlamaCppProvider().Load(new BackendOptions { ModelPath = RepositoryFiles.DemoModel, Context = 5120, MaxSequences = 24 }, NullLogger.Instance);
        await using var engine = new InferenceEngine(backend, new EngineOptions { PromptLookup = false }, TimeProvider.System, NullLogger<InferenceEngine>.Instance);

        var (profile, checks) = await CalibrationCheck.Run(engine, rounds: 1);

        foreach (var check in checks)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{check.Streams,2} streams: predicted {check.Predicted:0.0} tok/s, measured {check.Measured:0.0}, {check.Error:+0.0%;-0.0%}"));
        }

        Assert.Equal([1, 2, 4, 8, 12, 16], checks.Select(check => check.Streams));
        Assert.All(checks, check => Assert.True(check is { Predicted: > 1, Measured: > 1 }, check.ToString()));
        Assert.True(profile.ReadMsPerToken > 0);
        Assert.Equal(0, engine.Status.Running);
    }
}
