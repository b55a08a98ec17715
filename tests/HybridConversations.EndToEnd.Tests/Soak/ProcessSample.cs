using System.Globalization;

namespace HybridConversations.EndToEnd.Tests.Soak;

/// <summary>What a process holds, from /proc.</summary>
internal sealed record ProcessSample(double ResidentMegabytes, int Threads, int Handles)
{
    /// <summary>Null where there is no /proc, or when the process has ended.</summary>
    public static ProcessSample? Of(int process)
    {
        try
        {
            var status = File.ReadAllLines($"/proc/{process}/status");
            return new ProcessSample(Number(status, "VmRSS:") / 1024.0, Number(status, "Threads:"), Directory.GetFileSystemEntries($"/proc/{process}/fd").Length);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Lowest memory and highest counts would hide nothing: memory is judged by its median, which a single collection does not move.</summary>
    public static ProcessSample Median(IReadOnlyCollection<ProcessSample> samples) => new(
        samples.Select(s => s.ResidentMegabytes).Order().ElementAt(samples.Count / 2),
        samples.Select(s => s.Threads).Order().ElementAt(samples.Count / 2),
        samples.Select(s => s.Handles).Order().ElementAt(samples.Count / 2));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{ResidentMegabytes:0} MiB, {Threads} threads, {Handles} handles");

    private static int Number(string[] status, string name) =>
        int.Parse(status.First(line => line.StartsWith(name, StringComparison.Ordinal)).Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
