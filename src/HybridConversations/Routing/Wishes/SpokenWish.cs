namespace HybridConversations.Routing;

/// <summary>One way to speak a wish.</summary>
/// <param name="Label">How the reason quotes it.</param>
/// <param name="Pattern">Its words.</param>
/// <param name="Mood">How they must be meant.</param>
/// <param name="Next">What may follow; null for anything. The end of the turn always may.</param>
internal sealed record SpokenWish(string Label, WordPattern Pattern, WishMood Mood, WordPattern? Next = null)
{
    public bool IsSpokenAt(scoped in WordList words, int start)
    {
        var end = Pattern.Match(words, start);
        return end >= 0 && (Next is null || end == words.Count || Next.Match(words, end) >= 0) && Mood switch
        {
            WishMood.Request => Grammar.IsRequest(words, start) && !Grammar.IsNegated(words, start),
            WishMood.Forbidden => Grammar.IsNegated(words, start),
            _ => !Grammar.IsQuestion(words, start) && !Grammar.IsNegated(words, start),
        };
    }
}

/// <summary>How the words of a wish must be meant.</summary>
internal enum WishMood
{
    /// <summary>Asked of the assistant: "think hard", "could you think hard", not "I think hard cheese".</summary>
    Request,

    /// <summary>Said, not asked: "this is private", not "is it private".</summary>
    Statement,

    /// <summary>Forbidden: "don't send this to the cloud".</summary>
    Forbidden,
}
