namespace HybridConversations.Escalations.Bridging;

/// <summary>What a voice says while the cloud thinks.</summary>
public sealed record BridgeOptions
{
    /// <summary>Off unless the operator wants it.</summary>
    public bool Enabled { get; init; }

    /// <summary>Milliseconds without a first text before the first phrase; a cloud that is faster is not announced.</summary>
    public int AfterMs { get; init; } = 700;

    /// <summary>Milliseconds from one phrase to the next.</summary>
    public int RepeatMs { get; init; } = 7_000;

    /// <summary>Phrases in one turn at most.</summary>
    public int MaxPhrases { get; init; } = 2;

    private static readonly IReadOnlyList<string> EnglishPhrases =
        ["Let me think about that.", "Good question, one moment.", "Give me a second to think.", "Hmm, let me work that out.", "Let me have a closer look at that."];

    private static readonly IReadOnlyList<string> EnglishFurther =
        ["I'm still thinking, bear with me.", "Almost there, just a moment more.", "This takes a little longer, one moment."];

    /// <summary>First phrases, spoken whatever the language of the turn; where none are given, they are in its language as far as it is known, else in English.</summary>
    public IReadOnlyList<string> Phrases { get; init; } = EnglishPhrases;

    /// <summary>Phrases after the first.</summary>
    public IReadOnlyList<string> Further { get; init; } = EnglishFurther;

    /// <summary>Did the operator write no phrases?</summary>
    internal bool FollowsLanguage => ReferenceEquals(Phrases, EnglishPhrases) && ReferenceEquals(Further, EnglishFurther);

    /// <summary>Every error; empty when there is none.</summary>
    public IReadOnlyList<string> Errors()
    {
        var errors = new List<string>();
        if (AfterMs is < 0 or > 60_000)
        {
            errors.Add($"bridge.after-ms is {AfterMs}: give 0 to 60000 ms.");
        }

        if (RepeatMs is < 1_000 or > 600_000)
        {
            errors.Add($"bridge.repeat-ms is {RepeatMs}: give 1000 to 600000 ms.");
        }

        if (MaxPhrases is < 1 or > 20)
        {
            errors.Add($"bridge.max-phrases is {MaxPhrases}: give 1 to 20.");
        }

        foreach (var (key, phrases) in (ReadOnlySpan<(string, IReadOnlyList<string>)>)[("bridge.phrases", Phrases), ("bridge.further", Further)])
        {
            if (phrases.Count is 0 or > 100 || phrases.Any(p => string.IsNullOrWhiteSpace(p) || p.Length > 200))
            {
                errors.Add($"{key} must have 1 to 100 phrases of 1 to 200 characters.");
            }
        }

        return errors;
    }
}
