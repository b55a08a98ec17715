using System.Text.Json;
using System.Text.Json.Nodes;
using HybridConversations.Conversations;
using HybridConversations.Http.Items;
using HybridConversations.Http.Keys;
using HybridConversations.Http.OpenAi;
using HybridConversations.Http.Problems;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.Responses;

/// <summary><c>/v1/conversations</c>: our conversations as OpenAI's clients see them, made of items.</summary>
internal static class ItemConversationEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/conversations").WithTags("OpenAI");
        group.MapPost("", Create).WithName("createItemConversation").WithSummary("Begins a conversation, empty or with items.").Produces<OpenAiErrorDocument>(400);
        group.MapGet("/{id}", Retrieve).WithName("retrieveItemConversation").WithSummary("A conversation and its metadata.").Produces<OpenAiErrorDocument>(404);
        group.MapPost("/{id}", Update).WithName("updateItemConversation").WithSummary("Replaces its metadata.").Produces<OpenAiErrorDocument>(404);
        group.MapDelete("/{id}", Delete).WithName("deleteItemConversation").WithSummary("Forgets a conversation with all its items and responses.").Produces<OpenAiErrorDocument>(404);
        group.MapGet("/{id}/items", List).WithName("listItems").WithSummary("A page of its items.").Produces<OpenAiErrorDocument>(404);
        group.MapPost("/{id}/items", Add).WithName("createItems").WithSummary("Adds items that nothing answers.").Produces<OpenAiErrorDocument>(404);
        group.MapGet("/{id}/items/{itemId}", RetrieveItem).WithName("retrieveItem").WithSummary("One item.").Produces<OpenAiErrorDocument>(404);
        group.MapDelete("/{id}/items/{itemId}", DeleteItem).WithName("deleteItem").WithSummary("Erases one item.").Produces<OpenAiErrorDocument>(404);
    }

    private static async Task Create(HttpContext context, TenantActors actors, HttpLimits limits, UnknownMembers unknown, TimeProvider time)
    {
        using var body = await RequestBody.ReadOptional(context, limits);
        var (messages, metadata) = body is null ? ([], null) : Read(body.RootElement, unknown, "POST /v1/conversations");
        var id = ResponseId.NewConversation();
        await actors.Conversations.Record(id).Change(
            new BeginConversation(null, ConversationNote.Of(metadata), messages.Count == 0 ? [] : [Turn(messages, time.GetUtcNow())]), context.RequestAborted);
        await WriteConversation(context, actors, id);
    }

    private static async Task Retrieve(HttpContext context, string id, TenantActors actors) => await WriteConversation(context, actors, id);

    private static async Task Update(HttpContext context, string id, TenantActors actors, HttpLimits limits, UnknownMembers unknown)
    {
        using var body = await RequestBody.Read(context, limits);
        var members = new JsonMembers(body.RootElement);
        var metadata = ResponseMetadata.Check(members);
        members.ThrowIfWrong();
        unknown.Note("POST /v1/conversations/{id}", members.Unread);
        await ReadConversation(actors, id, 0, 1, context.RequestAborted);
        await actors.Conversations.Record(id).Change(new ChangeNote(ConversationNote.Of(metadata)), context.RequestAborted);
        await WriteConversation(context, actors, id);
    }

    private static async Task Delete(HttpContext context, string id, TenantActors actors)
    {
        var deletion = (Conversation.CheckId(id) is null ? await actors.Conversations.Get(id).Forget(context.RequestAborted) : null)
            ?? throw new ProblemException(ResponseProblems.NoConversation(id));
        var answer = new JsonObject { ["id"] = id, ["object"] = "conversation.deleted", ["deleted"] = true };
        if (deletion.Owed.Count > 0)
        {
            answer["hybrid"] = new JsonObject { ["owed"] = new JsonArray([.. deletion.Owed.Select(device => (JsonNode)device)]) };
        }

        await JsonAnswer.Write(context, answer, OpenAiJson.Answers.JsonObject);
    }

    private static async Task List(HttpContext context, string id, TenantActors actors)
    {
        var page = ItemPage.Of(context.Request);
        await JsonAnswer.Write(context, await ConversationItems.Page(actors.Conversations, id, page, context.RequestAborted), OpenAiJson.Answers.JsonObject);
    }

    private static async Task Add(HttpContext context, string id, TenantActors actors, HttpLimits limits, UnknownMembers unknown)
    {
        using var body = await RequestBody.Read(context, limits);
        var (messages, _) = Read(body.RootElement, unknown, "POST /v1/conversations/{id}/items");
        if (messages.Count == 0)
        {
            throw new RequestProblemException(new Dictionary<string, string[]> { ["items"] = ["is missing: what shall be added?"] });
        }

        await ReadConversation(actors, id, 0, 1, context.RequestAborted);
        var response = new ResponseId(id, ResponseId.NewTurn());
        if (!await actors.Conversations.Record(id).Change(new AddMessages(response.TurnId, messages), context.RequestAborted)
            || await actors.Conversations.Find(response, context.RequestAborted) is not { } added)
        {
            throw new ProblemException(ResponseProblems.NoConversation(id));
        }

        await JsonAnswer.Write(context, ItemPage.List([.. RecordedItem.Of(id, added).Select(item => item.Document)], hasMore: false), OpenAiJson.Answers.JsonObject);
    }

    private static async Task RetrieveItem(HttpContext context, string id, string itemId, TenantActors actors)
    {
        var item = await FindItem(actors, id, itemId, context.RequestAborted);
        await JsonAnswer.Write(context, item.Document, OpenAiJson.Answers.JsonObject);
    }

    private static async Task DeleteItem(HttpContext context, string id, string itemId, TenantActors actors)
    {
        var item = await FindItem(actors, id, itemId, context.RequestAborted);
        var callId = item.Message.ToolCallId ?? (item.Message.ToolCalls is [var call, ..] ? call.CallId : null);
        var turnId = item.Id.Response.TurnId;
        var erase = item.Id.Place switch
        {
            ItemPlace.Earlier => new EraseTurn(turnId, TurnPart.Earlier, int.Parse(item.Id.Key, System.Globalization.CultureInfo.InvariantCulture)),
            ItemPlace.Result => new EraseTurn(turnId, TurnPart.ToolResult, CallId: callId),
            ItemPlace.User => new EraseTurn(turnId, TurnPart.User),
            ItemPlace.Reply => new EraseTurn(turnId, TurnPart.Reply),
            ItemPlace.Reasoning => new EraseTurn(turnId, TurnPart.Reasoning),
            ItemPlace.Call => new EraseTurn(turnId, TurnPart.ToolCall, CallId: callId),
            _ => throw new ProblemException(ProblemCodes.InvalidRequest("This item is the conversation's system prompt. Begin another conversation instead.")),
        };
        await actors.Conversations.Record(id).Change(erase, context.RequestAborted);
        await WriteConversation(context, actors, id);
    }

    private static async Task<RecordedItem> FindItem(TenantActors actors, string id, string itemId, CancellationToken cancellationToken) =>
        ItemId.TryParse(itemId, out var known) && known.Response.ConversationId == id && await actors.Conversations.Find(known.Response, cancellationToken) is { } turn
            ? RecordedItem.Of(id, turn).FirstOrDefault(item => item.Id == known) ?? throw new ProblemException(ResponseProblems.NoItem(itemId))
            : throw new ProblemException(ResponseProblems.NoItem(itemId));

    private static (IReadOnlyList<ChatMessage> Messages, JsonElement? Metadata) Read(JsonElement body, UnknownMembers unknown, string where)
    {
        var members = new JsonMembers(body);
        var items = ResponseInput.ReadItems(members, "items");
        if (items.Any(item => item.Message is null))
        {
            members.Wrong("items", "must hold the items themselves, no references.");
        }

        var metadata = ResponseMetadata.Check(members);
        members.ThrowIfWrong();
        unknown.Note(where, members.Unread);
        return ([.. items.Select(item => item.Message!).Where(message => !EarlierMessages.IsBlank(message))], metadata);
    }

    /// <summary>Items that nothing answers.</summary>
    private static TurnRecord Turn(IReadOnlyList<ChatMessage> messages, DateTimeOffset now) => new()
    {
        Sequence = 1,
        TurnId = ResponseId.NewTurn(),
        User = "",
        Earlier = messages,
        State = TurnState.Completed,
        StartedAt = now,
        EndedAt = now,
    };

    private static async Task WriteConversation(HttpContext context, TenantActors actors, string id)
    {
        var page = await ReadConversation(actors, id, 0, 1, context.RequestAborted);
        var document = new JsonObject
        {
            ["id"] = id,
            ["object"] = "conversation",
            ["created_at"] = (page.BegunAt ?? (page.Turns is [var first, ..] ? first.StartedAt : (DateTimeOffset?)null) ?? DateTimeOffset.UnixEpoch).ToUnixTimeSeconds(),
            ["metadata"] = ConversationNote.MetadataOf(page.Note),
        };
        await JsonAnswer.Write(context, document, OpenAiJson.Answers.JsonObject);
    }

    private static async Task<ConversationPage> ReadConversation(TenantActors actors, string id, long after, int limit, CancellationToken cancellationToken) =>
        (Conversation.CheckId(id) is null ? await actors.Conversations.Get(id).Read(after, limit, cancellationToken) : null)
            ?? throw new ProblemException(ResponseProblems.NoConversation(id));
}
