namespace HybridConversations.Routing;

/// <summary>What a turn's own words, and a wish that was spoken before it, say about privacy. A wish holds for its turn and those after it, until it is lifted.</summary>
/// <param name="Wish">The wish that holds behind this turn, as reasons quote it; null when none does.</param>
/// <param name="Covers">The turn itself is private: a wish holds, or is lifted in it (which opens only what is said after it).</param>
/// <param name="Reason">One sentence for a person; null when the turn is not private by a wish.</param>
public sealed record SpokenPrivacy(string? Wish, bool Covers, string? Reason)
{
    /// <summary>No wish holds.</summary>
    public static SpokenPrivacy Open { get; } = new(null, false, null);

    /// <summary>True when a wish holds for what is said next.</summary>
    public bool Holds => Wish is not null;

    /// <param name="text">What is said, of any length.</param>
    /// <param name="earlier">The wish that held before it; null for none.</param>
    public static SpokenPrivacy Of(string text, string? earlier)
    {
        if (SpokenWishes.Privacy.FindAnywhere(text) is { } wish)
        {
            return new(wish, true, $"\"{wish}\" keeps this turn and those after it on the device, until the wish is lifted.");
        }

        if (earlier is null)
        {
            return Open;
        }

        return SpokenLift.In(text) is { } lift
            ? new(null, true, $"\"{lift}\" lifts the wish for privacy for what is said after this turn; what was said so far stays on the device.")
            : new(earlier, true, $"\"{earlier}\", said before and not lifted, keeps the turn on the device.");
    }
}
