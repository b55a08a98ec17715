using HybridConversations.Models;

namespace HybridConversations.Cli.Models;

/// <summary>Progress for a log: a line for each tenth, and one for whatever went wrong.</summary>
internal sealed class ProgressLines(TextWriter output) : IProgress<DownloadProgress>
{
    private readonly Lock _lock = new();
    private long _told = -1;

    public void Report(DownloadProgress value)
    {
        lock (_lock)
        {
            if (value.Phase == DownloadPhase.Waiting)
            {
                output.WriteLine($"{value.Note} ({ModelListing.Size(value.Bytes)} are here)");
            }
            else if (value is { Phase: DownloadPhase.Downloading, TotalBytes: > 0 } && value.Bytes * 10 / value.TotalBytes is var tenth && tenth > _told)
            {
                _told = tenth;
                output.WriteLine($"{tenth * 10} % of {ModelListing.Size(value.TotalBytes)}");
            }
        }
    }
}
