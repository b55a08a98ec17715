namespace HybridConversations.Models;

/// <summary>Reports a pull's progress, but not at every buffer.</summary>
internal sealed class ThrottledProgress(IProgress<DownloadProgress>? progress, long total, TimeProvider time, TimeSpan every)
{
    private long _last;
    private DownloadPhase? _phase;

    public void Report(DownloadPhase phase, long bytes)
    {
        if (progress is null || (phase == _phase && time.GetElapsedTime(_last) < every))
        {
            return;
        }

        (_last, _phase) = (time.GetTimestamp(), phase);
        progress.Report(new DownloadProgress(phase, bytes, total));
    }
}
