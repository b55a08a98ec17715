using System.Globalization;
using System.Runtime.InteropServices;

namespace HybridConversations.Cli.Doctor;

/// <summary>The machine: system, processors, memory, and what it could compute on.</summary>
internal static class MachineCheck
{
    private const string JetsonModel = "/proc/device-tree/model";
    private const string JetsonRelease = "/etc/nv_tegra_release";
    private const double LowMemoryGiB = 1;

    public static IEnumerable<Finding> Examine()
    {
        yield return System();
        yield return Finding.Ok(".NET", $"{RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} processors");
        yield return Memory();
        yield return Accelerator();
    }

    private static Finding System()
    {
        var what = $"{RuntimeInformation.OSDescription}, {RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        return (OperatingSystem.IsLinux() || OperatingSystem.IsMacOS()) && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64
            ? Finding.Ok("system", what)
            : Finding.Note("system", what, "Only Linux on x64 is tested; Linux on arm64 and macOS should work.");
    }

    private static Finding Memory()
    {
        if (AvailableMemory() is not { } available)
        {
            return Finding.Ok("memory", $"{GiB(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)} in all");
        }

        var detail = $"{GiB(available)} available of {GiB(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes)}";
        return available >= LowMemoryGiB * (1L << 30)
            ? Finding.Ok("memory", detail)
            : Finding.Note("memory", detail, "A 3B model at 4 bits wants about 3 GiB with its KV memory. End other programs, or choose a smaller model or --context.");
    }

    private static Finding Accelerator()
    {
        if (ReadText(JetsonModel) is { } board && board.Contains("NVIDIA", StringComparison.OrdinalIgnoreCase))
        {
            var release = ReadText(JetsonRelease)?.Split('\n')[0].TrimStart('#', ' ');
            return Finding.Ok("board", release is null ? board : $"{board} ({release})");
        }

        if (File.Exists("/dev/nvidia0") || File.Exists("/dev/nvidiactl"))
        {
            return Finding.Ok("board", "no Jetson; an NVIDIA GPU is here");
        }

        return Finding.Ok("board", "no Jetson and no NVIDIA GPU: the processor computes");
    }

    /// <summary>What Linux would give a new program, in bytes; the only honest figure where CPU and GPU share memory.</summary>
    private static long? AvailableMemory()
    {
        var line = ReadText("/proc/meminfo")?.Split('\n').FirstOrDefault(text => text.StartsWith("MemAvailable:", StringComparison.Ordinal));
        return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kilobytes, ..]
            && long.TryParse(kilobytes, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value * 1024 : null;
    }

    private static string GiB(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.0} GiB");

    private static string? ReadText(string path)
    {
        try
        {
            return File.Exists(path) ? File.ReadAllText(path).Trim('\0', '\n', ' ') : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
