using HybridConversations.Escalations.Endpoints;
using HybridConversations.Escalations.Settings;

namespace HybridConversations.Escalations.Resilience;

/// <summary>Whether a failed try is followed by another, and after how long: exponential with full jitter, or what the endpoint asks for.</summary>
internal sealed class RetryDelays(CloudRetry options, Random random)
{
    private readonly Lock _lock = new();

    /// <summary>Null: no further try.</summary>
    /// <param name="retries">Tries after the first that were made already.</param>
    /// <param name="failure">Why the last one failed.</param>
    /// <param name="left">What is left of the turn's time.</param>
    public TimeSpan? Next(int retries, CloudException failure, TimeSpan left)
    {
        if (!failure.MayBeRetried || retries >= options.MaxRetries)
        {
            return null;
        }

        double share;
        lock (_lock)
        {
            share = random.NextDouble();
        }

        TimeSpan delay;
        if (failure.RetryAfter is { } asked)
        {
            if (asked > TimeSpan.FromMilliseconds(options.MaxRetryAfterMs))
            {
                return null;
            }

            // Not one millisecond earlier than asked, and not all callers in the same one.
            delay = asked + TimeSpan.FromMilliseconds(share * options.BaseDelayMs / 4);
        }
        else
        {
            var most = Math.Min(options.MaxDelayMs, options.BaseDelayMs * Math.Pow(2, retries));
            delay = TimeSpan.FromMilliseconds(share * most);
        }

        return delay < left ? delay : null;
    }
}
