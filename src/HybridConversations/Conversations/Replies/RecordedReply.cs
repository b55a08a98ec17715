using HybridConversations.Inference.Text;

namespace HybridConversations.Conversations;

/// <summary>Tells a recorded reply again.</summary>
internal static class RecordedReply
{
    /// <summary>
    /// True when someone settled on the reply: the turn never runs again. Nor does one that has announced a call, which may have been carried out, whatever cut it off.
    /// </summary>
    public static bool IsSettled(TurnRecord turn) => turn.State == TurnState.Completed || (turn.State == TurnState.Interrupted && !turn.Repeatable) || turn.ToolCalls is not null;

    public static IEnumerable<ReplyEvent> Events(TurnRecord turn)
    {
        yield return new ReplyRouted(turn.Route ?? RouteTarget.Local, turn.RouteReason ?? "", turn.RoutePolicy ?? "", turn.RouteScore ?? 0);
        if (turn.Reply.Length > 0)
        {
            yield return new ReplyText(turn.Reply);
            var sentences = new SentenceSplitter();
            sentences.Push(turn.Reply);
            sentences.Flush();
            while (sentences.TryTake(out var sentence))
            {
                yield return new ReplySentence(sentence);
            }
        }

        foreach (var call in turn.ToolCalls ?? [])
        {
            yield return ReplyToolCall.Of(call);
        }

        yield return new ReplyCompleted(
            turn.TurnId,
            turn.Reply,
            turn.FinishReason ?? (turn.ToolCalls is not null ? FinishReason.ToolCalls : turn.State == TurnState.Interrupted ? FinishReason.Interrupted : FinishReason.Stop),
            turn.Usage ?? new TokenUsage(0, 0, 0, 0),
            turn.Timings ?? new TurnTimings(0, 0, 0),
            Replayed: true);
    }
}
