using System.Globalization;
using System.Net.Http.Headers;

namespace HybridConversations.Cloud;

/// <summary>When a server wants to be asked again: <c>retry-after-ms</c> or <c>x-ms-retry-after-ms</c> (OpenAI, Azure), else <c>Retry-After</c> in seconds or as a date (RFC 9110).</summary>
internal static class RetryAfterHeader
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>From now, between zero and a day; null when it does not say, or not so that one could read it.</summary>
    public static TimeSpan? Read(Func<string, string?> header, TimeProvider time)
    {
        if (double.TryParse(header("retry-after-ms") ?? header("x-ms-retry-after-ms"), NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds) && double.IsFinite(milliseconds))
        {
            return Bounded(milliseconds / 1000);
        }

        if (header("Retry-After") is not { } text)
        {
            return null;
        }

        // Some servers write fractions of a second, which the RFC does not know.
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && double.IsFinite(seconds))
        {
            return Bounded(seconds);
        }

        return RetryConditionHeaderValue.TryParse(text, out var value) && value.Date is { } date ? Bounded((date - time.GetUtcNow()).TotalSeconds) : null;
    }

    private static TimeSpan Bounded(double seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds, 0, Longest.TotalSeconds));
}
