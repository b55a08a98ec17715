namespace HybridConversations.Conversations;

/// <summary>An earlier turn as models and routers see it.</summary>
/// <param name="Sequence">Its place in the conversation.</param>
/// <param name="User">What was said.</param>
/// <param name="Reply">What was answered, as far as it was delivered or heard; empty when it was interrupted before.</param>
/// <param name="Route">Where it was answered.</param>
/// <param name="Score">The router's score.</param>
/// <param name="Private">Never shown to the cloud.</param>
/// <param name="PrivateReply">The reply is never shown to the cloud.</param>
internal sealed record WindowTurn(long Sequence, string User, string Reply, RouteTarget Route, double Score, bool Private, bool PrivateReply)
{
    public int Characters => User.Length + Reply.Length;

    /// <summary>Null for turns that models do not see: those that failed, broke off or run, without a reply that anyone got.</summary>
    public static WindowTurn? From(TurnRecord turn)
    {
        var settled = RecordedReply.IsSettled(turn);
        return turn.State != TurnState.Running && (settled || turn.Reply.Length > 0)
            ? new WindowTurn(turn.Sequence, turn.User, turn.Reply, turn.Route ?? RouteTarget.Local, turn.RouteScore ?? 0, turn.Private, turn.PrivateReply)
            : null;
    }
}
