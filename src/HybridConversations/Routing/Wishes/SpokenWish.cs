namespace HybridConversations.Routing;

/// <summary>One way to speak a wish.</summary>
/// <param name="Label">How the reason quotes it.</param>
/// <param name="Pattern">Its words.</param>
/// <param name="Mood">How they must be meant.</param>
/// <param name="Next">What may follow; null for anything. The end of the turn always may.</param>
/// <param name="NotNext">What must not follow, since it would make something else of it ("this is private property"); null for nothing.</param>
internal sealed record SpokenWish(string Label, WordPattern Pattern, WishMood Mood, WordPattern? Next = null, WordPattern? NotNext = null)
{
    public static SpokenWish Request(string label, string pattern, string? next = null) => Of(label, pattern, WishMood.Request, next);

    public static SpokenWish Command(string label, string pattern, string? next = null) => Of(label, pattern, WishMood.Command, next);

    public static SpokenWish Statement(string label, string pattern, string? next = null, string? notNext = null) =>
        Of(label, pattern, WishMood.Statement, next) with { NotNext = notNext is null ? null : new WordPattern(notNext) };

    public static SpokenWish Release(string label, string pattern) => Of(label, pattern, WishMood.Release, next: null);

    public static SpokenWish Forbidden(string label, string pattern, string? next = null) => Of(label, pattern, WishMood.Forbidden, next);

    /// <summary>The index after its last word, if it is spoken from word <paramref name="start"/> on; −1 if not.</summary>
    public int SpokenAt(scoped in WordList words, int start, IWishGrammar grammar)
    {
        var end = Pattern.Match(words, start);
        return end > start
            && (Next is null || end == words.Count || Next.Match(words, end) >= 0)
            && (NotNext is null || NotNext.Match(words, end) < 0)
            && grammar.IsMeant(Mood, words, start, end) ? end : -1;
    }

    private static SpokenWish Of(string label, string pattern, WishMood mood, string? next) =>
        new(label, new WordPattern(pattern), mood, next is null ? null : new WordPattern(next));
}

/// <summary>How the words of a wish must be meant.</summary>
internal enum WishMood
{
    /// <summary>Asked of the assistant: "think hard", "could you think hard", not "I think hard cheese".</summary>
    Request,

    /// <summary>Told the assistant, wherever it stands: "my PIN is 4711 keep this private", not "how do I keep this private".</summary>
    Command,

    /// <summary>Said, not asked: "this is private", not "if this is private".</summary>
    Statement,

    /// <summary>Forbidden: "don't send this to the cloud".</summary>
    Forbidden,

    /// <summary>Ends a wish without a negation of its own: "end private mode", "use the cloud again"; a negation before, in or behind it makes it the opposite.</summary>
    Release,
}
