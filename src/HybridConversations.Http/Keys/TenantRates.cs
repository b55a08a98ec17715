using System.Threading.RateLimiting;

namespace HybridConversations.Http.Keys;

/// <summary>Requests a minute of each tenant, in ASP.NET Core's own limiter: a sliding minute in six parts. Thread-safe.</summary>
internal sealed class TenantRates(KeyOptions options) : IDisposable
{
    private const int Parts = 6;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly PartitionedRateLimiter<string>? _limiter = options.RequestsPerMinute is not { } perMinute ? null : PartitionedRateLimiter.Create<string, string>(tenant =>
        RateLimitPartition.GetSlidingWindowLimiter(tenant, _ => new SlidingWindowRateLimiterOptions { PermitLimit = perMinute, Window = Window, SegmentsPerWindow = Parts, QueueLimit = 0 }));

    /// <summary>Takes one request of a tenant.</summary>
    /// <returns>The refusal; null when it may go on.</returns>
    public Problem? Take(string tenant)
    {
        if (_limiter is null)
        {
            return null;
        }

        using var lease = _limiter.AttemptAcquire(tenant);
        return lease.IsAcquired ? null
            : KeyProblems.TooMany(options.RequestsPerMinute!.Value, (int)(lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : Window / Parts).TotalMilliseconds);
    }

    public void Dispose() => _limiter?.Dispose();
}
