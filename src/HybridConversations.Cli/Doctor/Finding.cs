namespace HybridConversations.Cli.Doctor;

/// <summary>How good or bad a finding is.</summary>
internal enum FindingLevel
{
    Ok,

    /// <summary>Works without it; something would be better.</summary>
    Note,

    /// <summary>Conversations cannot be held.</summary>
    Missing,
}

/// <param name="Level">How good or bad.</param>
/// <param name="Subject">What was looked at.</param>
/// <param name="Detail">What was found.</param>
/// <param name="Advice">What to do; null when nothing.</param>
internal sealed record Finding(FindingLevel Level, string Subject, string Detail, string? Advice = null)
{
    public static Finding Ok(string subject, string detail) => new(FindingLevel.Ok, subject, detail);

    public static Finding Note(string subject, string detail, string advice) => new(FindingLevel.Note, subject, detail, advice);

    public static Finding Missing(string subject, string detail, string advice) => new(FindingLevel.Missing, subject, detail, advice);
}
