namespace HybridConversations.Conversations;

/// <summary>Makes the calls of a running turn durable before anyone is told of them: whoever carries one out can rely on its result being taken.</summary>
internal sealed class CallRecord(TurnStore store, ConversationState state, TurnProgress progress)
{
    /// <summary>The call as it is announced: on record, under an id that no other call of the conversation has.</summary>
    /// <exception cref="ProblemException">It could not be stored, and must not be announced.</exception>
    public async Task<ReplyToolCall> Store(ReplyToolCall asked)
    {
        var call = IsFree(asked.CallId) ? asked.Call : asked.Call with { CallId = NewId() };
        IReadOnlyList<ToolCall> calls = [.. progress.Calls, call];
        var (turn, head) = (progress.Stored! with { ToolCalls = calls, Reasoning = progress.Thought }, progress.Head!);
        await store.Update(turn, head with { OpenCalls = Open(head.OpenCalls, calls, turn.TurnId, progress) });
        return ReplyToolCall.Of(call);
    }

    /// <summary>The calls that wait, with those of a turn behind them.</summary>
    public static IReadOnlyList<OpenCall>? Open(IReadOnlyList<OpenCall>? before, IReadOnlyList<ToolCall> calls, string turnId, TurnProgress progress)
    {
        if (calls.Count == 0)
        {
            return before;
        }

        var isPrivate = progress.Stored!.Private || progress.PrivateReply;
        var route = progress.Route?.Target ?? RouteTarget.Local;
        return [.. (before ?? []).Concat(calls.Select(call => new OpenCall(call, turnId, route, isPrivate))).TakeLast(Limits.MaxOpenCalls)];
    }

    /// <summary>Servers in the cloud count their calls from 0 in every reply, and so may name two of them alike.</summary>
    private bool IsFree(string callId) => !TextRules.CheckId("callId", callId, inPath: false).Any()
        && progress.Calls.All(call => call.CallId != callId)
        && (state.Head.OpenCalls ?? []).All(open => open.Call.CallId != callId)
        && state.Window.All(turn => !turn.Asks(callId) && turn.ToolResults.All(result => result.CallId != callId));

    private static string NewId() => $"call_{Guid.NewGuid():N}";
}
