using HybridConversations.Client.Wire;
using HybridConversations.Http.Problems;
using HybridConversations.Http.Requests;
using HybridConversations.Http.Streaming;

namespace HybridConversations.Http.Conversations;

/// <summary><c>POST /conversations/{id}/turns</c>: says a turn and streams the reply as server-sent events.</summary>
internal sealed partial class TurnEndpoint(OpenTurns openTurns, HttpLimits limits, UnknownMembers unknown, TimeProvider time, BrokenReplies broken, ILogger<TurnEndpoint> logger)
{
    public async Task Handle(HttpContext context, string id, IConversations conversations)
    {
        using var body = await RequestBody.Read(context, limits);
        var turn = TurnReader.Read(body.RootElement, unknown);
        using var open = openTurns.Enter(context.RequestAborted);
        using var stream = new EventStream(context.Response);
        try
        {
            await using var events = new PatientEnumerator<ReplyEvent>(stop => conversations.Get(id).Say(turn, stop), time, open.Token);
            if (await Begin(events, stream, turn.DeadlineMs is null ? limits.RefusalWindow : limits.DeadlineRefusalWindow, open.Token) is { } refusal)
            {
                await ProblemAnswer.Write(context, refusal, turn.TurnId);
                return;
            }

            await Stream(events, stream, turn.TurnId, open.Token);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            await Fail(context, stream, turn.TurnId, broken.Explain(exception, context.TraceIdentifier, open.EndedByServer));
        }
    }

    /// <summary>Holds the head of the answer back until it is known to be a stream, and returns the refusal when it is none.</summary>
    private async Task<Problem?> Begin(PatientEnumerator<ReplyEvent> events, EventStream stream, TimeSpan window, CancellationToken cancellationToken)
    {
        ReplyRouted? routed = null;
        var arrival = await events.Next(limits.Heartbeat);
        if (arrival == Arrival.Item && events.Current is ReplyRouted first)
        {
            routed = first;
            arrival = await events.Next(window);
        }

        if (arrival == Arrival.Item && events.Current is ReplyFailed failed)
        {
            return failed.Problem;
        }

        stream.Start();
        if (routed is not null)
        {
            await Write(stream, routed, cancellationToken);
        }

        if (arrival == Arrival.Item)
        {
            await Write(stream, events.Current, cancellationToken);
        }
        else if (arrival == Arrival.NothingYet && routed is null)
        {
            await stream.KeepAlive(cancellationToken);
        }

        return null;
    }

    private async Task Stream(PatientEnumerator<ReplyEvent> events, EventStream stream, string turnId, CancellationToken cancellationToken)
    {
        while (true)
        {
            switch (await events.Next(limits.Heartbeat))
            {
                case Arrival.Item:
                    await Write(stream, events.Current, cancellationToken);
                    break;
                case Arrival.NothingYet:
                    await stream.KeepAlive(cancellationToken);
                    break;
                default:
                    LogEnded(turnId);
                    return;
            }
        }
    }

    private static ValueTask Write(EventStream stream, ReplyEvent reply, CancellationToken cancellationToken)
    {
        var json = WireJson.Answers;
        return reply switch
        {
            ReplyText text => stream.Write(EventNames.Text, text, json.ReplyText, cancellationToken),
            ReplySentence sentence => stream.Write(EventNames.Sentence, sentence, json.ReplySentence, cancellationToken),
            ReplyRouted routed => stream.Write(EventNames.Routed, routed, json.ReplyRouted, cancellationToken),
            ReplyReasoning reasoning => stream.Write(EventNames.Reasoning, reasoning, json.ReplyReasoning, cancellationToken),
            ReplyToolCall call => stream.Write(EventNames.ToolCall, call, json.ReplyToolCall, cancellationToken),
            ReplyBridge bridge => stream.Write(EventNames.Bridge, bridge, json.ReplyBridge, cancellationToken),
            ReplyCompleted completed => stream.Write(EventNames.Completed, completed, json.ReplyCompleted, cancellationToken),
            ReplyFailed failed => stream.Write(EventNames.Failed, ProblemDocument.Of(failed.Problem, failed.TurnId), json.ProblemDocument, cancellationToken),
            _ => throw new InvalidOperationException($"No wire format for {reply.GetType()}."),
        };
    }

    private static async Task Fail(HttpContext context, EventStream stream, string turnId, Problem problem)
    {
        if (!context.Response.HasStarted)
        {
            context.Response.Clear();
            await ProblemAnswer.Write(context, problem, turnId);
            return;
        }

        await stream.Write(EventNames.Failed, ProblemDocument.Of(problem, turnId), WireJson.Answers.ProblemDocument, context.RequestAborted);
    }

    [LoggerMessage(2, LogLevel.Debug, "Turn '{TurnId}' was answered.")]
    private partial void LogEnded(string turnId);
}
