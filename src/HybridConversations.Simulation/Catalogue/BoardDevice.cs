using HybridConversations.Devices.Telemetry;

namespace HybridConversations.Simulation.Catalogue;

/// <summary>The board that this runs on as a device of the catalogue, with the clocks that it really has: what was set by <c>nvpmodel</c>, and what is left of it where it is too hot.</summary>
public static class BoardDevice
{
    private const double BitsToBytes = 8;

    /// <summary>What the board tells of itself; null where nothing does.</summary>
    /// <param name="root">Where <c>sys</c>, <c>proc</c>, <c>etc</c> and <c>var</c> are.</param>
    public static MachineSensors? Look(string root) => new SensorReader(TimeProvider.System, root).Read();

    /// <summary>The device; null where the catalogue has no such board.</summary>
    public static DeviceSpec? Find(DeviceCatalogue catalogue, MachineSensors? sensors)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        if (sensors?.Board is not { } board || IdOf(board, sensors) is not { } id)
        {
            return null;
        }

        var ghz = (sensors.Throttled == true ? sensors.GpuMhz ?? sensors.GpuMaxMhz : sensors.GpuMaxMhz) / 1000;
        var modes = catalogue.Devices.Where(device => device.Id == id).ToList();
        var mode = ghz is null ? modes[0] : modes.MinBy(device => Math.Abs(device.GpuGhz - ghz.Value))!;
        return mode with
        {
            GpuGhz = ghz ?? mode.GpuGhz,
            TensorTflops = mode.TensorTflops * (ghz ?? mode.GpuGhz) / mode.GpuGhz,
            BandwidthGbs = sensors.MemoryMhz is { } memory ? 2 * memory * 1e6 * BusBits(id) / BitsToBytes / 1e9 : mode.BandwidthGbs,
            Source = $"This board ({board}), as it is now",
        };
    }

    private static string? IdOf(string board, MachineSensors sensors) =>
        board.Contains("Thor", StringComparison.OrdinalIgnoreCase) ? "thor-t5000"
        : board.Contains("AGX Orin", StringComparison.OrdinalIgnoreCase) ? "agx-orin-64gb"
        : board.Contains("Orin NX", StringComparison.OrdinalIgnoreCase) ? "orin-nx-16gb"
        : !board.Contains("Orin Nano", StringComparison.OrdinalIgnoreCase) ? null
        : board.Contains("Super", StringComparison.OrdinalIgnoreCase) || sensors.MemoryMhz > 2200 ? "orin-nano-super-8gb" : "orin-nano-8gb";

    /// <summary>Of its memory: LPDDR5 carries two bits a clock on each line.</summary>
    private static int BusBits(string id) => id is "thor-t5000" or "agx-orin-64gb" ? 256 : 128;
}
