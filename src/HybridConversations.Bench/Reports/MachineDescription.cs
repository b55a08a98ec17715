using System.Runtime.InteropServices;

namespace HybridConversations.Bench.Reports;

/// <summary>The machine that the benchmark ran on: where the servers are on it too, theirs.</summary>
/// <param name="Cpu">Model of the processor or, on a Jetson, of the board.</param>
/// <param name="Cores">Processors this process may use.</param>
/// <param name="MemoryBytes">Memory this process may use.</param>
/// <param name="Os">Operating system and architecture.</param>
/// <param name="Runtime">.NET version.</param>
/// <param name="LoadAverage">Runnable processes over the last minute, before anything was measured; null where the system does not tell.</param>
public sealed record MachineDescription(string Cpu, int Cores, long MemoryBytes, string Os, string Runtime, double? LoadAverage)
{
    /// <summary>This one.</summary>
    internal static MachineDescription Read() => new(
        FirstLine("/proc/device-tree/model") ?? CpuModel() ?? RuntimeInformation.ProcessArchitecture.ToString(),
        Environment.ProcessorCount,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}",
        RuntimeInformation.FrameworkDescription,
        double.TryParse(FirstLine("/proc/loadavg")?.Split(' ')[0], out var load) ? load : null);

    private static string? CpuModel() =>
        Lines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[^1].Trim();

    private static string? FirstLine(string file) => Lines(file).FirstOrDefault()?.TrimEnd('\0');

    private static string[] Lines(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllLines(file) : [];
        }
        catch (IOException)
        {
            return [];
        }
    }
}
