namespace HybridConversations.Routing;

/// <summary>The wishes about where to think as one language speaks them. Another language is another of these, added to <see cref="All"/>.</summary>
/// <param name="Grammar">How it asks and denies.</param>
/// <param name="Cloud">"Think hard", "ask the cloud".</param>
/// <param name="Local">"Stay local", "don't ask the cloud".</param>
/// <param name="Privacy">"Keep this private", "don't send this to the cloud": for this turn and those after it.</param>
/// <param name="Lift">"This is no longer private": the end of such a wish.</param>
internal sealed record WishLanguage(
    IWishGrammar Grammar, IReadOnlyList<SpokenWish> Cloud, IReadOnlyList<SpokenWish> Local, IReadOnlyList<SpokenWish> Privacy, IReadOnlyList<SpokenWish> Lift)
{
    /// <summary>All languages in which wishes are heard, at once: people mix them, and recognisers do not say which it was.</summary>
    public static IReadOnlyList<WishLanguage> All { get; } =
    [
        English.Wishes, German.Wishes, French.Wishes, Spanish.Wishes, Italian.Wishes, Portuguese.Wishes, Russian.Wishes,
        Polish.Wishes, Turkish.Wishes, Chinese.Wishes, Japanese.Wishes, Hindi.Wishes, Arabic.Wishes,
    ];
}
