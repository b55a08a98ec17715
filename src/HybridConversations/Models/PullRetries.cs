namespace HybridConversations.Models;

/// <summary>Counts tries that bring nothing new, and waits between them: exponentially longer, half of it random.</summary>
internal sealed class PullRetries(ModelDownloaderOptions options)
{
    private readonly Random _random = new(options.Seed);
    private long _best = -1;
    private int _futile;

    /// <summary>A try failed after <paramref name="bytes"/> bytes were here. Returns how long to wait for the next one.</summary>
    /// <exception cref="ProblemException">There were too many.</exception>
    public TimeSpan Failed(FutileTryException failure, long bytes)
    {
        // More than ever before, not more than at the last start: a server that ignores ranges begins from zero each time.
        _futile = bytes > _best && bytes > 0 ? 0 : _futile + 1;
        _best = Math.Max(_best, bytes);
        if (_futile >= options.FutileTries)
        {
            throw ModelProblems.Failed(
                $"{_futile} tries brought nothing new; the last one: {failure.Message}. {(bytes > 0 ? "What has come is kept and the next pull goes on from there. " : "")}Check "
                    + "the network and try again.",
                retryable: true,
                failure);
        }

        var doubled = options.RetryDelay * Math.Pow(2, Math.Max(_futile - 1, 0));
        var wait = doubled * (0.5 + (_random.NextDouble() / 2));
        wait = failure.RetryAfter > wait ? failure.RetryAfter.Value : wait;
        return wait < options.MaxRetryDelay ? wait : options.MaxRetryDelay;
    }
}
