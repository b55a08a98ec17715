namespace HybridConversations.Devices.Telemetry;

/// <summary>
/// How hot a board is, and what slows it down for that: thermal zones, and those cooling devices that are no fan (on a Jetson <c>gpu-throttle-alert</c> and its like, and the limits
/// of clocks, <c>cpufreq-cpu0</c> and <c>devfreq-17000000.gpu</c>).
/// </summary>
internal static class BoardThermals
{
    private const string Alert = "-throttle-alert";

    /// <summary>The hottest zone, °C. Zones of parts that are off say nothing, or −256.</summary>
    public static double? Hottest(BoardFiles files)
    {
        var zones = files.Folders("sys/class/thermal", "thermal_zone*").Select(zone => files.Number(Path.Combine(zone, "temp")) / 1000).Where(celsius => celsius is > 0 and < 200).ToList();
        return zones.Count == 0 ? null : zones.Max();
    }

    /// <summary>Parts that are slowed down to stay cool; null where no zone or cooling device tells.</summary>
    public static IReadOnlyList<string>? Slowed(BoardFiles files)
    {
        var coolers = files.Folders("sys/class/thermal", "cooling_device*");
        if (coolers.Count == 0 && files.Folders("sys/class/thermal", "thermal_zone*").Count == 0)
        {
            return null;
        }

        return [.. coolers.Where(cooler => files.Number(Path.Combine(cooler, "cur_state")) > 0)
            .Select(cooler => Part(files.Text(Path.Combine(cooler, "type")) ?? "")).OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }

    /// <summary>What a cooling device slows down; null for fans and others that slow nothing.</summary>
    private static string? Part(string type) =>
        type.EndsWith(Alert, StringComparison.Ordinal) ? type[..^Alert.Length]
        : type.StartsWith("hot-surface", StringComparison.Ordinal) ? "hot surface"
        : type.StartsWith("devfreq", StringComparison.Ordinal) && BoardClocks.IsGpu(type) ? "gpu"
        : type.Contains("cpu", StringComparison.OrdinalIgnoreCase) ? "cpu"
        : null;
}
