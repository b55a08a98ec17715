namespace HybridConversations.Conversations;

/// <summary>Bounds and defaults of every conversation of a host.</summary>
public sealed record ConversationOptions
{
    /// <summary>System prompt of conversations that begin without one; null for none.</summary>
    public string? DefaultSystem { get; init; }

    /// <summary>Turns shown to a model at most, 2 to 10,000; the oldest quarter leaves the view when there are more.</summary>
    public int MaxWindowTurns { get; init; } = 200;

    /// <summary>Characters shown to a model at most, from 1,000; whole oldest turns leave the view when there are more.</summary>
    public int MaxWindowCharacters { get; init; } = 1_000_000;

    /// <summary>Earlier turns that the router sees, 0 to 100.</summary>
    public int RouterTurns { get; init; } = 8;

    /// <summary>Requests (barge-ins, deletions) that may wait for a running turn to end, 1 to 1,000.</summary>
    public int MaxWaiting { get; init; } = 16;

    /// <summary>How long a write may take until its turn counts as failed, 1 s to 10 min.</summary>
    public TimeSpan StoreTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A reader that takes nothing for this long may be pushed aside by the next turn, 1 s to 1 h.</summary>
    public TimeSpan ReaderTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a resumable reply goes on without a reader, 0 to 10 min.</summary>
    public TimeSpan ResumeGrace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Spans of turns carry what was said and answered, but for private turns. For whoever may read it where the spans go.</summary>
    public bool TraceContent { get; init; }

    /// <summary>Checks every setting.</summary>
    /// <exception cref="ProblemException"><c>invalid-request</c> with every error in one message.</exception>
    public void Validate()
    {
        var errors = new List<string>();
        if (DefaultSystem is not null)
        {
            errors.AddRange(TextRules.Check("DefaultSystem", DefaultSystem, Limits.MaxSystemCharacters));
        }

        Check(MaxWindowTurns is >= 2 and <= 10_000, $"MaxWindowTurns is {MaxWindowTurns}; it must be from 2 to 10,000.");
        Check(MaxWindowCharacters >= 1000, $"MaxWindowCharacters is {MaxWindowCharacters}; it must be at least 1,000.");
        Check(RouterTurns is >= 0 and <= 100, $"RouterTurns is {RouterTurns}; it must be from 0 to 100.");
        Check(MaxWaiting is >= 1 and <= 1000, $"MaxWaiting is {MaxWaiting}; it must be from 1 to 1,000.");
        Check(
            StoreTimeout >= TimeSpan.FromSeconds(1) && StoreTimeout <= TimeSpan.FromMinutes(10),
            $"StoreTimeout is {StoreTimeout}; it must be from 1 second to 10 minutes.");
        Check(
            ReaderTimeout >= TimeSpan.FromSeconds(1) && ReaderTimeout <= TimeSpan.FromHours(1),
            $"ReaderTimeout is {ReaderTimeout}; it must be from 1 second to 1 hour.");
        Check(ResumeGrace >= TimeSpan.Zero && ResumeGrace <= TimeSpan.FromMinutes(10), $"ResumeGrace is {ResumeGrace}; it must be from 0 to 10 minutes.");
        if (errors.Count > 0)
        {
            throw new ProblemException(ProblemCodes.InvalidRequest("The settings of conversations are not valid. " + string.Join(' ', errors)));
        }

        void Check(bool holds, string error)
        {
            if (!holds)
            {
                errors.Add(error);
            }
        }
    }
}
