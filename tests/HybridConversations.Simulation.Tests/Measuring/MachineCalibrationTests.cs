using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Engine;
using HybridConversations.Simulation.Measuring;
using HybridConversations.Tests.Common;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Simulation.Tests.Measuring;

public sealed class MachineCalibrationTests
{
    [Fact]
    public async Task AnEngineWithTooLittleRoomIsRefusedWithWhatIsNeeded()
    {
        await using var engine = new InferenceEngine(
            new SimulatedBackend(new SimulatedBackendOptions { Cells = 1024, MaxSequences = 32 }), new EngineOptions(), TimeProvider.System, NullLogger<InferenceEngine>.Instance);

        var error = await Assert.ThrowsAsync<BackendException>(() => MachineCalibration.Measure(engine, rounds: 1));

        Assert.Contains("4608 cells", error.Message, StringComparison.Ordinal);
        Assert.Contains("1024", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void StepsBetweenThoseMeasuredAreInterpolatedAndThoseBeyondGoOnTheSameWay()
    {
        var profile = new MachineProfile("test", [new(1, 10, 12), new(4, 16, 24), new(16, 64, 96)], 32, 256, 1);

        Assert.Equal(10, profile.StepMs(1, 32), 6);
        Assert.Equal(12, profile.StepMs(2, 32), 6);
        Assert.Equal(40, profile.StepMs(10, 32), 6);
        Assert.Equal(80, profile.StepMs(20, 32), 6);
        Assert.Equal(11, profile.StepMs(1, 144), 6);
        Assert.Equal(1000 * 10 / 40.0, profile.TokensPerSecond(10, 32), 6);
    }
}
