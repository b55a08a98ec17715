using System.Collections.Concurrent;

namespace HybridConversations.Http.Keys;

/// <summary>
/// Tokens a minute of each tenant, in a sliding minute of six parts. What a reply costs is known at its end, so a tenant may end above its limit by what runs at the same time; it is
/// refused from then on until enough of what it used is a minute old. Thread-safe.
/// </summary>
internal sealed class TokenRates(KeyOptions options, TimeProvider time)
{
    private const int Parts = 6;
    private static readonly TimeSpan Part = TimeSpan.FromMinutes(1) / Parts;
    private readonly ConcurrentDictionary<string, long[]> _used = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _at = new(StringComparer.Ordinal);
    private readonly long _begun = time.GetTimestamp();

    /// <summary>Is anything to be counted?</summary>
    public bool IsLimited => options.TokensPerMinute is not null;

    /// <summary>Why a tenant may not begin anything now; null when it may.</summary>
    public Problem? Refusal(string tenant)
    {
        if (options.TokensPerMinute is not { } limit || !_used.TryGetValue(tenant, out var used))
        {
            return null;
        }

        lock (used)
        {
            var now = MoveOn(tenant, used);
            var sum = used.Sum();
            if (sum < limit)
            {
                return null;
            }

            // The oldest part goes first, at the end of the one that runs now.
            var parts = 0;
            for (; parts < Parts && sum >= limit; parts++)
            {
                sum -= used[(now + 1 + parts) % Parts];
            }

            var wait = (Part * (now + parts)) - time.GetElapsedTime(_begun);
            return KeyProblems.TooManyTokens(limit, Math.Max(1, (int)wait.TotalMilliseconds));
        }
    }

    /// <summary>A tenant has used tokens.</summary>
    public void Use(string tenant, long tokens)
    {
        if (IsLimited && tokens > 0)
        {
            var used = _used.GetOrAdd(tenant, _ => new long[Parts]);
            lock (used)
            {
                used[MoveOn(tenant, used) % Parts] += tokens;
            }
        }
    }

    /// <summary>Forgets what is a minute old; returns which part it is now, counted from the start.</summary>
    private long MoveOn(string tenant, long[] used)
    {
        var now = (long)(time.GetElapsedTime(_begun) / Part);
        var at = _at.GetValueOrDefault(tenant);
        for (var part = Math.Max(at + 1, now - Parts + 1); part <= now; part++)
        {
            used[part % Parts] = 0;
        }

        _at[tenant] = now;
        return now;
    }
}
