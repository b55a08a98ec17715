using System.Globalization;

namespace HybridConversations.Cli.Commands;

/// <summary>What a process of <c>hc</c> finds itself in, looked at before anything else: later there may be no file left to say it through.</summary>
internal static class Surroundings
{
    /// <summary>Files, sockets and libraries that the smallest command has open, with room for a few clients.</summary>
    private const int OpenFiles = 256;

    /// <summary>What is wrong, and what to do; null for nothing.</summary>
    public static string? Fault() =>
        MaxOpenFiles() is { } most and < OpenFiles ? $"this process may open {most} files, and {OpenFiles} is the least it needs. Raise the limit: ulimit -n 1024, or LimitNOFILE in a unit of systemd."
        : !HasWorkingDirectory() ? "the working directory is not there any more. Go to one that is, and start again."
        : null;

    /// <summary>As Linux tells it; null where it does not, or there is no limit.</summary>
    private static int? MaxOpenFiles()
    {
        const string Limits = "/proc/self/limits";
        var line = File.Exists(Limits) ? File.ReadLines(Limits).FirstOrDefault(line => line.StartsWith("Max open files", StringComparison.Ordinal)) : null;
        return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, _, _, var soft, ..] && int.TryParse(soft, CultureInfo.InvariantCulture, out var most) ? most : null;
    }

    private static bool HasWorkingDirectory()
    {
        try
        {
            return Directory.GetCurrentDirectory().Length > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
