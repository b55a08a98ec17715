using System.Globalization;
using System.Text.RegularExpressions;

namespace HybridConversations.Devices.Telemetry;

/// <summary>A board's clocks and power mode. The mode is what <c>nvpmodel</c> was told; the clocks are what counts.</summary>
internal static partial class BoardClocks
{
    private static readonly string[] GpuNames = ["gpu", "ga10b", "gv11b", "gp10b", "gm20b"];

    /// <summary>Is it a GPU's name: <c>17000000.gpu</c>, <c>17000000.ga10b</c>, a Thor's <c>gpu-gpc-0</c>?</summary>
    public static bool IsGpu(string name) => Array.Exists(GpuNames, gpu => name.Contains(gpu, StringComparison.Ordinal));

    /// <summary>The GPU's clock now and the highest that it may have, MHz. A clock of 0 is a GPU that is off.</summary>
    public static (double? Now, double? Most) Gpu(BoardFiles files)
    {
        // A Thor has one for its compute clusters and one for its video codecs.
        var gpus = files.Folders("sys/class/devfreq", "*").Where(folder => IsGpu(Path.GetFileName(folder))).OrderBy(folder => folder.Contains("nvd", StringComparison.Ordinal));
        return gpus.FirstOrDefault() is { } gpu ? (Megahertz(files, Path.Combine(gpu, "cur_freq")), Megahertz(files, Path.Combine(gpu, "max_freq"))) : (null, null);
    }

    /// <summary>The memory's clock that the power mode allows, MHz; what it runs at only root may read.</summary>
    public static double? Memory(BoardFiles files) => Megahertz(files, "sys/kernel/nvpmodel_clk_cap/emc");

    /// <summary>By its name where <c>nvpmodel</c>'s table has one.</summary>
    public static string? PowerMode(BoardFiles files)
    {
        if (files.Text("var/lib/nvpmodel/status") is not { } status || ModeId().Match(status) is not { Success: true } mode)
        {
            return null;
        }

        var id = int.Parse(mode.Groups["id"].Value, CultureInfo.InvariantCulture);
        var names = ModeName().Matches(files.Text("etc/nvpmodel.conf") ?? "");
        return names.FirstOrDefault(name => int.Parse(name.Groups["id"].Value, CultureInfo.InvariantCulture) == id)?.Groups["name"].Value ?? id.ToString(CultureInfo.InvariantCulture);
    }

    private static double? Megahertz(BoardFiles files, string path) => files.Number(path) is > 0 and var hertz ? hertz / 1_000_000 : null;

    [GeneratedRegex(@"pmode:\s*(?<id>\d{1,6})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ModeId();

    [GeneratedRegex(@"<\s*POWER_MODEL\s+ID\s*=\s*(?<id>\d{1,6})\s+NAME\s*=\s*(?<name>[^\s>]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ModeName();
}
