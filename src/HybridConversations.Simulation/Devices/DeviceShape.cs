using HybridConversations.Simulation.Catalogue;
using HybridConversations.Simulation.Planning;

namespace HybridConversations.Simulation.Devices;

/// <summary>What a simulated device is.</summary>
/// <param name="Time">What its steps take.</param>
/// <param name="Cells">Tokens in the KV memory.</param>
/// <param name="ParkedTokens">Tokens in host memory.</param>
/// <param name="DiskTokens">Tokens in snapshots.</param>
/// <param name="MaxRunning">Generations at once.</param>
/// <param name="DiskMsPerToken">To read a snapshot.</param>
public sealed record DeviceShape(StepTime Time, int Cells, int ParkedTokens, long DiskTokens, int MaxRunning = 16, double DiskMsPerToken = 0.05)
{
    /// <summary>The model, by whatever names it: conversations stay with theirs.</summary>
    public string Model { get; init; } = "simulated";

    /// <summary>Where nobody says otherwise: what <c>hc serve</c> takes (BackendOptions.Context).</summary>
    public const int DefaultCells = 8192;

    /// <summary>A device of the catalogue as <c>hc serve</c> would start it there, with the planner's step times.</summary>
    public static DeviceShape Planned(Setup setup, PlanOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var memory = MemoryPlan.Of(setup, options);
        var perToken = memory.KvBytesPerToken;
        return new DeviceShape(
            StepTime.Planned(setup, 16), Math.Min(DefaultCells, memory.KvCells), Tokens(options.ParkedGib), Tokens(options.SnapshotGib), 16, perToken / 1e9 * 1000)
        {
            Model = $"{setup.Model.Id}-{setup.Quantisation.Id}",
        };

        int Tokens(double gib) => (int)(gib * (1L << 30) / perToken);
    }
}
