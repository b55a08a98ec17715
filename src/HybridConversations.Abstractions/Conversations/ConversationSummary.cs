namespace HybridConversations;

/// <summary>A line of the list of conversations.</summary>
/// <param name="Id">Conversation id.</param>
/// <param name="Turns">Turns on record.</param>
/// <param name="UpdatedAt">When it was last used.</param>
public sealed record ConversationSummary(string Id, int Turns, DateTimeOffset UpdatedAt)
{
    /// <summary>Characters of <see cref="Title"/> at most.</summary>
    public const int TitleCharacters = 80;

    /// <summary>Characters of <see cref="Preview"/> at most.</summary>
    public const int PreviewCharacters = 160;

    /// <summary>A name for people: the first words that were said in it; null when it is not known.</summary>
    public string? Title { get; init; }

    /// <summary>How its last reply begins, or what was said last where nothing has been answered.</summary>
    public string? Preview { get; init; }

    /// <summary>How its last turn stands.</summary>
    public TurnState? State { get; init; }

    /// <summary>Where its last turn was answered.</summary>
    public RouteTarget? Route { get; init; }

    /// <summary>The device or cloud endpoint that answered its last turn.</summary>
    public string? AnsweredBy { get; init; }

    /// <summary>The summary that the newest turn gives; it does not know the title unless it is the first one.</summary>
    public static ConversationSummary Of(string id, int turns, DateTimeOffset updatedAt, string? firstWords, TurnRecord? newest) => new(id, turns, updatedAt)
    {
        Title = firstWords is null ? null : OneLine(firstWords, TitleCharacters),
        Preview = newest is null ? null : OneLine(newest.Reply.Length > 0 ? newest.Reply : newest.User, PreviewCharacters),
        State = newest?.State,
        Route = newest?.Route,
        AnsweredBy = newest?.AnsweredBy,
    };

    /// <summary>The beginning of a text in one line, cut between characters (never inside a surrogate pair), with an ellipsis where something is missing.</summary>
    public static string OneLine(string text, int characters)
    {
        var line = new System.Text.StringBuilder(Math.Min(text.Length, characters + 1));
        foreach (var character in text.AsSpan().Trim())
        {
            var shown = char.IsWhiteSpace(character) || char.IsControl(character) ? ' ' : character;
            if (shown == ' ' && line.Length > 0 && line[^1] == ' ')
            {
                continue;
            }

            if (line.Length == characters)
            {
                line.Length -= char.IsHighSurrogate(line[^1]) ? 2 : 1;
                return line.Append('…').ToString();
            }

            line.Append(shown);
        }

        return line.ToString();
    }
}

/// <param name="Conversations">The page, most recently used first.</param>
/// <param name="Next">Cursor of the next page; null on the last. A page may be short and yet have a next one.</param>
public sealed record ConversationList(IReadOnlyList<ConversationSummary> Conversations, string? Next);
