namespace HybridConversations.Conversations;

/// <summary>What a turn's results answer. Each call is answered by one turn; that turn may be sent again, and another one is told so.</summary>
internal sealed record AnsweredCalls
{
    public static AnsweredCalls None { get; } = new();

    /// <summary>The results, each with its call.</summary>
    public IReadOnlyList<ToolResult> Results { get; private init; } = [];

    /// <summary>The same as they go on record: those right behind their calls without them; null for none.</summary>
    public IReadOnlyList<ToolResult>? OnRecord { get; private init; }

    /// <summary>A call was made in private, or with private turns in view: what it brought stays on the device.</summary>
    public bool Private { get; private init; }

    /// <summary>Whose model asked for the newest of the calls; null for a turn without results.</summary>
    public RouteTarget? From { get; private init; }

    /// <param name="results">What the turn brings, which has been checked.</param>
    /// <param name="state">The conversation before the turn.</param>
    /// <param name="earlier">An earlier attempt of the same turn, with the same results; null for none.</param>
    /// <exception cref="ProblemException"><c>invalid-request</c>: no such call waits here; <c>call-answered</c>: another turn has answered it.</exception>
    public static AnsweredCalls Of(IReadOnlyList<ToolResult> results, ConversationState state, TurnRecord? earlier)
    {
        if (results.Count == 0)
        {
            return None;
        }

        var view = state.Window.Where(turn => turn.Sequence != earlier?.Sequence).ToList();
        var found = results.Select(result => Find(result.CallId, state.Head.OpenCalls ?? [], view, earlier)).ToList();
        if (found.Exists(call => call is null))
        {
            throw Unanswerable([.. results.Where((_, index) => found[index] is null)], state.Head.OpenCalls ?? [], view);
        }

        var right = view.LastOrDefault();
        return new AnsweredCalls
        {
            Results = [.. results.Select((result, index) => result with { Call = found[index]!.Call })],
            OnRecord = [.. results.Select((result, index) => result with { Call = right?.Asks(result.CallId) is true ? null : found[index]!.Call })],
            Private = found.Exists(call => call!.Private),
            From = found[^1]!.Route,
        };
    }

    /// <summary>The calls that wait on when these are answered; null for none.</summary>
    public IReadOnlyList<OpenCall>? Remaining(IReadOnlyList<OpenCall>? open) =>
        open?.Where(call => Results.All(result => result.CallId != call.Call.CallId)).ToList() is { Count: > 0 } rest ? rest : null;

    private static OpenCall? Find(string callId, IReadOnlyList<OpenCall> open, IReadOnlyList<WindowTurn> view, TurnRecord? earlier)
    {
        if (open.FirstOrDefault(call => call.Call.CallId == callId) is { } waiting)
        {
            return waiting;
        }

        // The attempt before had answered it already.
        if (earlier?.ToolResults?.FirstOrDefault(result => result.CallId == callId) is not { } before)
        {
            return null;
        }

        var asked = view.LastOrDefault(turn => turn.Asks(callId));
        return (before.Call ?? asked?.ToolCalls.FirstOrDefault(call => call.CallId == callId)) is { } call
            ? new OpenCall(call, asked?.TurnId ?? "", asked?.Route ?? RouteTarget.Local, earlier.Private)
            : null;
    }

    private static ProblemException Unanswerable(IReadOnlyList<ToolResult> results, IReadOnlyList<OpenCall> open, IReadOnlyList<WindowTurn> view)
    {
        foreach (var result in results)
        {
            if (view.LastOrDefault(turn => turn.ToolResults.Any(other => other.CallId == result.CallId)) is { } answered)
            {
                return new ProblemException(ProblemCodes.AnsweredCall(result.CallId, answered.TurnId));
            }
        }

        var unknown = string.Join(", ", results.Select(result => $"'{result.CallId}'"));
        var waiting = string.Join(", ", open.Select(call => $"'{call.Call.CallId}' ({call.Call.Name})").DefaultIfEmpty("none"));
        return new ProblemException(ProblemCodes.InvalidRequest($"toolResults answers {unknown}, and no such call waits for a result in this conversation. Waiting: {waiting}."));
    }
}
