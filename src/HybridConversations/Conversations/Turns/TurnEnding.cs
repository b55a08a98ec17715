using HybridConversations.Storage;

namespace HybridConversations.Conversations;

/// <summary>How a turn came to its end.</summary>
/// <param name="Whole">The reply is complete.</param>
/// <param name="Stop">Who wanted it to end before; null when nobody.</param>
/// <param name="Error">What broke it; null when nothing.</param>
internal sealed record TurnEnd(bool Whole, StopRequest? Stop, Exception? Error);

/// <summary>What became of a turn.</summary>
/// <param name="Last">The reader's last event; null when nobody reads any more.</param>
/// <param name="Stored">The turn as stored; null when it is not.</param>
/// <param name="Stop">The request that ended it; null when none did.</param>
/// <param name="StoreProblem">Why it could not be stored.</param>
internal sealed record TurnOutcome(ReplyEvent? Last, TurnRecord? Stored, StopRequest? Stop = null, Problem? StoreProblem = null);

/// <summary>Turns the end of a turn into what is stored and what its reader is told. Pure.</summary>
internal static class TurnEnding
{
    public static (TurnRecord Turn, ConversationHead Head, ReplyEvent? Last) Of(TurnProgress progress, TurnEnd end, Problem? failure, DateTimeOffset now)
    {
        var turn = progress.Stored! with
        {
            Reply = progress.Delivered,
            PrivateReply = progress.PrivateReply,
            Route = progress.Route?.Target,
            RouteReason = progress.Route?.Reason,
            RoutePolicy = progress.Route?.Policy,
            RouteScore = progress.Route?.Score,
            AnsweredBy = progress.AnsweredBy,

            // Where nobody counted (the reply broke off), a piece is a token at least.
            Usage = progress.Usage ?? new TokenUsage(0, progress.Pieces, 0, 0),
            Timings = new TurnTimings(progress.FirstTokenMs, progress.ElapsedMs, progress.QueuedMs),
            Problem = progress.CutBy,
            EndedAt = now,
            ToolCalls = progress.Calls.Count > 0 ? [.. progress.Calls] : null,
            Reasoning = progress.Calls.Count > 0 || progress.Turn.Reasoning is not null ? progress.Thought : null,
        };
        var head = progress.Head! with
        {
            WindowAfter = Math.Max(progress.Head!.WindowAfter, progress.LastDropped),
            Kv = progress.Kv ?? progress.Head!.Kv,
            OpenCalls = CallRecord.Open(progress.Head!.OpenCalls, progress.Calls, turn.TurnId, progress),
            UpdatedAt = now,
        };

        if (IsBargeIn(end))
        {
            var kept = end.Stop!.Heard is { } heard ? HeardAligner.Align(turn.Reply, heard) : turn.Reply;
            turn = turn with { State = TurnState.Interrupted, FinishReason = Unless(turn, FinishReason.Interrupted), Reply = kept };
            return (turn, head, Completed(turn, progress.Delivered));
        }

        if (end.Whole)
        {
            turn = turn with { State = TurnState.Completed, FinishReason = Unless(turn, Whole(progress.FinishReason)) };
            return (turn, head, Completed(turn, turn.Reply));
        }

        if (end.Stop is { } stop)
        {
            turn = turn with { State = TurnState.Interrupted, FinishReason = Unless(turn, FinishReason.Interrupted), Repeatable = turn.ToolCalls is null };
            return (turn, head, TurnProblems.Of(stop, turn.TurnId, head.Id) is { } told ? new ReplyFailed(turn.TurnId, told) : null);
        }

        if (turn.ToolCalls is not null)
        {
            // What was announced may be being carried out: the turn stands, with what broke it on record.
            turn = turn with { State = TurnState.Completed, FinishReason = FinishReason.ToolCalls, Problem = failure };
            return (turn, head, Completed(turn, turn.Reply));
        }

        turn = turn with { State = TurnState.Failed, Repeatable = true, Problem = failure };
        return (turn, head, new ReplyFailed(turn.TurnId, failure!));
    }

    /// <summary>A reply that is whole stays whole, whoever wanted to stop it, but for a listener who spoke up before its end.</summary>
    private static bool IsBargeIn(TurnEnd end) => end.Stop is { Reason: StopReason.BargeIn };

    /// <summary>A turn that has announced calls waits for their results, however it ended.</summary>
    private static FinishReason? Unless(TurnRecord turn, FinishReason? reason) => turn.ToolCalls is null ? reason : FinishReason.ToolCalls;

    /// <summary>Calls that the limit on tokens cut off in the middle are none.</summary>
    private static FinishReason? Whole(FinishReason? reason) => reason == FinishReason.ToolCalls ? FinishReason.Length : reason;

    private static ReplyCompleted Completed(TurnRecord turn, string text) => new(turn.TurnId, text, turn.FinishReason!.Value, turn.Usage!, turn.Timings!);
}
