using System.Collections.Concurrent;
using HybridConversations.Orleans.Contracts;

namespace HybridConversations.Orleans.NetworkCuts;

/// <summary>
/// Conversations whose silo this process could not reach lately, although the cluster may: the way between the two is broken. They are talked to through a
/// third silo for a while, twice as long each time that the straight way fails again. Thread-safe; bounded.
/// </summary>
/// <param name="grains">The way into the cluster.</param>
/// <param name="silos">Names of silos that may help.</param>
/// <param name="time">The clock.</param>
internal sealed class Detours(IGrainFactory grains, Func<CancellationToken, ValueTask<IReadOnlyList<string>>> silos, TimeProvider time)
{
    private const int MaxKept = 10_000;
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);
    private readonly ConcurrentDictionary<string, Detour> _detours = new(StringComparer.Ordinal);

    // Silos through which a call was lost; no more than there are silos.
    private readonly ConcurrentDictionary<string, DateTimeOffset> _noHelp = new(StringComparer.Ordinal);

    /// <summary>The way to a conversation now.</summary>
    public IRecordedConversation Way(string conversationId, IRecordedConversation straight) =>
        _detours.TryGetValue(conversationId, out var detour) && time.GetUtcNow() < detour.Until
            ? new RelayedConversation(conversationId, grains.GetGrain<IRelayGrain>(detour.Silo))
            : straight;

    /// <summary>A call on <see cref="Way"/> was lost: the next one takes another.</summary>
    public async ValueTask Blocked(string conversationId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var known = _detours.GetValueOrDefault(conversationId);
        if (known is not null && now < known.Until)
        {
            _noHelp[known.Silo] = now + Longest;
        }

        var others = (await silos(cancellationToken)).Where(silo => !_noHelp.TryGetValue(silo, out var until) || until < now).ToList();
        if (others.Count == 0 || (known is null && _detours.Count >= MaxKept && !Shrink()))
        {
            _noHelp.Clear();
            return;
        }

        var length = known is null || now - known.Until > Longest ? Shortest : now < known.Until ? known.Length : Longest < 2 * known.Length ? Longest : 2 * known.Length;
        _detours[conversationId] = new Detour(others[Random.Shared.Next(others.Count)], now + length, length);
    }

    /// <returns>True when there is room.</returns>
    private bool Shrink()
    {
        foreach (var old in _detours.Where(pair => time.GetUtcNow() > pair.Value.Until))
        {
            _detours.TryRemove(old);
        }

        return _detours.Count < MaxKept;
    }

    private sealed record Detour(string Silo, DateTimeOffset Until, TimeSpan Length);
}
