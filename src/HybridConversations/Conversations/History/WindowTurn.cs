namespace HybridConversations.Conversations;

/// <summary>An earlier turn as models and routers see it.</summary>
/// <param name="Sequence">Its place in the conversation.</param>
/// <param name="TurnId">Its id.</param>
/// <param name="User">What was said; empty where only results were brought.</param>
/// <param name="Reply">What was answered, as far as it was delivered or heard; empty when it was interrupted before.</param>
internal sealed record WindowTurn(long Sequence, string TurnId, string User, string Reply)
{
    /// <summary>Where it was answered.</summary>
    public RouteTarget Route { get; init; }

    /// <summary>The router's score.</summary>
    public double Score { get; init; }

    /// <summary>Never shown to the cloud.</summary>
    public bool Private { get; init; }

    /// <summary>The reply is never shown to the cloud.</summary>
    public bool PrivateReply { get; init; }

    /// <summary>Calls that were asked for behind <see cref="Reply"/>.</summary>
    public IReadOnlyList<ToolCall> ToolCalls { get; init; } = [];

    /// <summary>Results that it brought.</summary>
    public IReadOnlyList<ToolResult> ToolResults { get; init; } = [];

    /// <summary>What the model thought before its calls; null for every other turn, whose thoughts no later prompt holds.</summary>
    public string? Reasoning { get; init; }

    /// <summary>What was said before elsewhere, and came with it.</summary>
    public IReadOnlyList<ChatMessage> Earlier { get; init; } = [];

    public bool IsAnswered => Reply.Length > 0 || ToolCalls.Count > 0;

    public long Characters => User.Length + Reply.Length + EarlierMessages.Characters(Earlier) + (Reasoning?.Length ?? 0) + ToolCalls.Sum(call => (long)call.Name.Length + call.Arguments.Length)
        + ToolResults.Sum(result => (long)result.Content.Length + (result.Call?.Arguments.Length ?? 0));

    /// <summary>Is it the turn in which this call was asked for?</summary>
    public bool Asks(string callId) => ToolCalls.Any(call => call.CallId == callId);

    /// <summary>
    /// Null for turns that models do not see: those that failed, broke off or run, without a reply that anyone got. Results that such a turn brought are seen all the
    /// same: what was done is done, whatever became of the reply.
    /// </summary>
    public static WindowTurn? From(TurnRecord turn)
    {
        if (turn.State == TurnState.Running)
        {
            return null;
        }

        var isShown = RecordedReply.IsSettled(turn) || turn.Reply.Length > 0;
        return !isShown && turn.ToolResults is null ? null : new WindowTurn(turn.Sequence, turn.TurnId, isShown ? turn.User : "", turn.Reply)
        {
            Route = turn.Route ?? RouteTarget.Local,
            Score = turn.RouteScore ?? 0,
            Private = turn.Private,
            PrivateReply = turn.PrivateReply,
            ToolCalls = turn.ToolCalls ?? [],
            ToolResults = turn.ToolResults ?? [],
            Reasoning = turn.ToolCalls is null ? null : turn.Reasoning,
            Earlier = isShown ? turn.Earlier ?? [] : [],
        };
    }
}
