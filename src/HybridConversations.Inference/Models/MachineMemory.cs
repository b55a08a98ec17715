using System.Globalization;

namespace HybridConversations.Inference.Models;

/// <summary>The machine's memory, as Linux tells it; on a Jetson the GPU's, too.</summary>
/// <param name="AvailableBytes">What programs may still take without swapping; null where nothing tells.</param>
/// <param name="TotalBytes">What there is; null where nothing tells.</param>
public sealed record MachineMemory(long? AvailableBytes, long? TotalBytes)
{
    /// <param name="file">As <c>/proc/meminfo</c>; one that cannot be read tells nothing.</param>
    public static MachineMemory Read(string file = "/proc/meminfo")
    {
        try
        {
            var lines = File.ReadAllLines(file);
            return new MachineMemory(Of(lines, "MemAvailable:"), Of(lines, "MemTotal:"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new MachineMemory(null, null);
        }
    }

    private static long? Of(string[] lines, string name) =>
        Array.Find(lines, line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
        && long.TryParse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var kibibytes)
            ? kibibytes * 1024
            : null;
}
