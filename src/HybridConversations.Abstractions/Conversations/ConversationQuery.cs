namespace HybridConversations;

/// <summary>What conversations to list; what is null does not narrow.</summary>
public sealed record ConversationQuery
{
    /// <summary>Part of the id, or of anything that was said or answered; case does not matter.</summary>
    public string? Words { get; init; }

    /// <summary>Who answered the last turn: a device or a cloud endpoint.</summary>
    public string? AnsweredBy { get; init; }

    /// <summary>Where the last turn was answered.</summary>
    public RouteTarget? Route { get; init; }

    /// <summary>How the last turn stands.</summary>
    public TurnState? State { get; init; }

    /// <summary>Used at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Used before this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>True when every conversation is meant.</summary>
    public bool IsEverything => this == new ConversationQuery();

    /// <summary>Does a line of the list answer to everything but <see cref="Words"/>?</summary>
    public bool Admits(ConversationSummary line) =>
        (AnsweredBy is null || line.AnsweredBy == AnsweredBy)
        && (Route is null || line.Route == Route)
        && (State is null || line.State == State)
        && (Since is null || line.UpdatedAt >= Since)
        && (Until is null || line.UpdatedAt < Until);

    /// <summary>Are the words in a text?</summary>
    public bool IsIn(string? text) => Words is null || (text is not null && text.Contains(Words, StringComparison.OrdinalIgnoreCase));
}
