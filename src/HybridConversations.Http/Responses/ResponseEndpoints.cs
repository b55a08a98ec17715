using System.Text.Json.Nodes;
using HybridConversations.Http.Items;
using HybridConversations.Http.Keys;
using HybridConversations.Http.OpenAi;
using HybridConversations.Http.Problems;
using HybridConversations.Http.Requests;
using HybridConversations.Http.Streaming;

namespace HybridConversations.Http.Responses;

/// <summary><c>/v1/responses</c>: OpenAI's Responses API over HTTP, and over a WebSocket on the same address.</summary>
internal static class ResponseEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/responses").WithTags("OpenAI");
        group.MapPost("", Create).WithName("createResponse").WithSummary("Answers input in the format of OpenAI's Responses API, streamed or whole.")
            .Produces<OpenAiErrorDocument>(400).Produces<OpenAiErrorDocument>(503);
        group.MapGet("", (HttpContext context, ResponseSocket socket, TenantActors actors) => socket.Handle(context, actors)).ExcludeFromDescription();
        group.MapGet("/{id}", Retrieve).WithName("retrieveResponse").WithSummary("A response that is stored.").Produces<OpenAiErrorDocument>(404);
        group.MapGet("/{id}/input_items", ListInput).WithName("listResponseInput").WithSummary("The input of a response that is stored.").Produces<OpenAiErrorDocument>(404);
        group.MapPost("/{id}/cancel", Cancel).WithName("cancelResponse").WithSummary("Barge in: ends a response; what was sent of it, or heard, is kept.")
            .Produces<OpenAiErrorDocument>(404);
        group.MapDelete("/{id}", Delete).WithName("deleteResponse").WithSummary("Erases a response and its input.").Produces<OpenAiErrorDocument>(404);
    }

    private static async Task Create(HttpContext context, TenantActors actors, OpenTurns openTurns, BackgroundResponses background, HttpLimits limits, UnknownMembers unknown, TimeProvider time)
    {
        using var body = await RequestBody.Read(context, limits);
        var request = ResponseReader.Read(body.RootElement, unknown);
        if (request.Background)
        {
            await CreateInBackground(context, actors, background, request, limits, time);
            return;
        }

        using var open = openTurns.Enter(context.RequestAborted);
        var events = new ResponseRun(actors, limits, time).Events(request, CancellationToken.None, open.Token);
        try
        {
            if (request.Stream)
            {
                await Stream(context, events, open.Token);
                return;
            }

            JsonObject? last = null;
            await foreach (var e in events)
            {
                last = e ?? last;
            }

            await JsonAnswer.Write(context, (JsonObject)last!["response"]!, OpenAiJson.Answers.JsonObject);
        }
        catch (OperationCanceledException) when (open.EndedByServer && !context.Response.HasStarted)
        {
            throw new ProblemException(ProblemCodes.Ending(5000));
        }
    }

    private static async Task CreateInBackground(HttpContext context, TenantActors actors, BackgroundResponses background, ResponseRequest request, HttpLimits limits, TimeProvider time)
    {
        var log = await background.Begin(actors, request);
        if (request.Stream)
        {
            await Stream(context, log.Behind(null).WithHeartbeats(limits.Heartbeat, time), context.RequestAborted);
            return;
        }

        await using var events = log.Behind(null).GetAsyncEnumerator(context.RequestAborted);
        await events.MoveNextAsync();
        await JsonAnswer.Write(context, (JsonObject)events.Current["response"]!, OpenAiJson.Answers.JsonObject);
    }

    private static async Task Stream(HttpContext context, IAsyncEnumerable<JsonObject?> events, CancellationToken cancellationToken)
    {
        using var stream = new EventStream(context.Response);
        var begun = false;
        try
        {
            await foreach (var e in events)
            {
                if (!begun)
                {
                    stream.Start();
                    begun = true;
                }

                if (e is null)
                {
                    await stream.KeepAlive(cancellationToken);
                }
                else
                {
                    await stream.Write((string)e["type"]!, e, OpenAiJson.Answers.JsonObject, cancellationToken);
                }
            }
        }
        catch (ProblemException error) when (begun)
        {
            // It waited so long that a sign of life went out before it was refused.
            var told = new JsonObject { ["type"] = "error", ["code"] = error.Problem.Code, ["message"] = error.Problem.Detail, ["param"] = null, ["sequence_number"] = 0 };
            await stream.Write("error", told, OpenAiJson.Answers.JsonObject, cancellationToken);
        }
    }

    private static async Task Retrieve(HttpContext context, string id, TenantActors actors, ResponseLogs logs, HttpLimits limits, TimeProvider time)
    {
        var after = QueryValue.Whole("starting_after", context.Request.Query["starting_after"], 0, int.MaxValue);
        var (known, turn, response) = await Find(actors, id, context.RequestAborted);
        if ((string?)context.Request.Query["stream"] is "true" or "True" or "1")
        {
            var events = logs.Find(actors.Caller, known) is { } log
                ? log.Behind(after).WithHeartbeats(limits.Heartbeat, time)
                : RecordedEvents.Of(actors.Conversations, known, turn, after, time);
            await Stream(context, events, context.RequestAborted);
            return;
        }

        await JsonAnswer.Write(context, response, OpenAiJson.Answers.JsonObject);
    }

    private static async Task ListInput(HttpContext context, string id, TenantActors actors)
    {
        var page = ItemPage.Of(context.Request);
        var (known, turn, _) = await Find(actors, id, context.RequestAborted);
        var items = RecordedItem.Of(known.ConversationId, turn).Where(item => item.IsInput).Select(item => item.Document).ToList();
        await JsonAnswer.Write(context, page.Of(items), OpenAiJson.Answers.JsonObject);
    }

    private static async Task Cancel(HttpContext context, string id, TenantActors actors, HttpLimits limits)
    {
        using var body = await RequestBody.ReadOptional(context, limits);
        string? heard = null;
        if (body is not null)
        {
            var members = new JsonMembers(body.RootElement);
            heard = members.Text("heard", 0, Limits.MaxTurnCharacters);
            members.ThrowIfWrong();
        }

        var (known, turn, _) = await Find(actors, id, context.RequestAborted);
        if (turn.State == TurnState.Running || heard is not null)
        {
            // Not cancelled with the caller: a client that barges in and hangs up still means it.
            await actors.Conversations.Get(known.ConversationId).InterruptTurn(known.TurnId, heard, CancellationToken.None);
        }

        var (_, _, response) = await Find(actors, id, context.RequestAborted);
        await JsonAnswer.Write(context, response, OpenAiJson.Answers.JsonObject);
    }

    private static async Task Delete(HttpContext context, string id, TenantActors actors)
    {
        var (known, turn, _) = await Find(actors, id, context.RequestAborted);
        var conversation = actors.Conversations.Get(known.ConversationId);
        if (turn.State == TurnState.Running)
        {
            await conversation.InterruptTurn(known.TurnId, null, context.RequestAborted);
        }

        await actors.Conversations.Record(known.ConversationId).Change(new EraseTurn(known.TurnId), context.RequestAborted);

        // A conversation that began with a response, and that nobody has by a name, ends with its last one.
        if (known.IsOwn && await conversation.Read(0, Limits.MaxPage, context.RequestAborted) is { Note: null, Next: null } page && page.Turns.All(other => other.IsErased))
        {
            await conversation.Delete(context.RequestAborted);
        }

        await JsonAnswer.Write(context, new JsonObject { ["id"] = id, ["object"] = "response", ["deleted"] = true }, OpenAiJson.Answers.JsonObject);
    }

    /// <exception cref="ProblemException"><c>not-found</c>.</exception>
    private static async Task<(ResponseId Id, TurnRecord Turn, JsonObject Response)> Find(TenantActors actors, string id, CancellationToken cancellationToken) =>
        ResponseId.TryParse(id, out var known) && await actors.Conversations.Find(known, cancellationToken) is { } turn && RecordedResponse.Of(known.ConversationId, turn) is { } response
            ? (known, turn, response)
            : throw new ProblemException(ResponseProblems.NotFound(id));
}
