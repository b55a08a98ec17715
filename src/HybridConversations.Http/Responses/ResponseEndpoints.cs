using System.Text.Json.Nodes;
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
        group.MapGet("", (HttpContext context, ResponseSocket socket, IActors actors) => socket.Handle(context, actors.Device)).ExcludeFromDescription();
        group.MapGet("/{id}", (HttpContext context, string id, ResponseStore store) => Read(context, id, store, response => response.Response))
            .WithName("retrieveResponse").WithSummary("A response that was kept.").Produces<OpenAiErrorDocument>(404);
        group.MapGet("/{id}/input_items", (HttpContext context, string id, ResponseStore store) => Read(context, id, store, Items))
            .WithName("listResponseInput").WithSummary("The input of a response that was kept.").Produces<OpenAiErrorDocument>(404);
        group.MapPost("/{id}/cancel", (HttpContext context, string id, ResponseStore store) => Read(context, id, store, response => response.Response)).ExcludeFromDescription();
        group.MapDelete("/{id}", Delete).WithName("deleteResponse").WithSummary("Forgets a response.").Produces<OpenAiErrorDocument>(404);
    }

    private static async Task Create(HttpContext context, IActors actors, ResponseStore store, OpenTurns openTurns, HttpLimits limits, UnknownMembers unknown, TimeProvider time)
    {
        using var body = await RequestBody.Read(context, limits);
        var request = ResponseReader.Read(body.RootElement, unknown);
        using var open = openTurns.Enter(context.RequestAborted);
        var events = new ResponseRun(actors.Device, store, limits, time).Events(request, CancellationToken.None, open.Token);
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

    private static async Task Stream(HttpContext context, IAsyncEnumerable<JsonObject?> events, CancellationToken cancellationToken)
    {
        using var stream = new EventStream(context.Response);
        var begun = false;
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

    private static async Task Read(HttpContext context, string id, ResponseStore store, Func<StoredResponse, JsonObject> part)
    {
        if (store.TryGet(id, out var response))
        {
            await JsonAnswer.Write(context, part(response), OpenAiJson.Answers.JsonObject);
            return;
        }

        await ProblemAnswer.Write(context, ResponseProblems.NotFound(id));
    }

    private static JsonObject Items(StoredResponse response) => new()
    {
        ["object"] = "list",
        ["data"] = response.InputItems.DeepClone(),
        ["first_id"] = (string?)response.InputItems.FirstOrDefault()?["id"],
        ["last_id"] = (string?)response.InputItems.LastOrDefault()?["id"],
        ["has_more"] = false,
    };

    private static async Task Delete(HttpContext context, string id, ResponseStore store)
    {
        if (store.Remove(id))
        {
            await JsonAnswer.Write(context, new JsonObject { ["id"] = id, ["object"] = "response", ["deleted"] = true }, OpenAiJson.Answers.JsonObject);
            return;
        }

        await ProblemAnswer.Write(context, ResponseProblems.NotFound(id));
    }
}
