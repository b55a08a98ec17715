using HybridConversations.Client.Wire;
using HybridConversations.Conversations;
using HybridConversations.Http.Items;
using HybridConversations.Http.Keys;
using HybridConversations.Http.Problems;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.Conversations;

/// <summary>Everything below <c>/conversations</c>.</summary>
internal static class ConversationEndpoints
{
    private const int DefaultPage = 50;
    private const int MaxWords = 200;
    private const string Sse = "text/event-stream";

    public static void Map(IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/conversations").WithTags("Conversations").AddEndpointFilter(CheckId);
        group.MapGet("", List).WithName("listConversations").WithSummary("A page of the conversations, most recently used first; searched by words, answeredBy, route, state, since and until.")
            .Produces<ConversationList>();
        group.MapGet("/{id}", Read).WithName("readConversation").WithSummary("A page of a conversation's turns, oldest first.")
            .Produces<ConversationPage>().Produces<ProblemDocument>(404, "application/problem+json");
        group.MapDelete("/{id}", Delete).WithName("deleteConversation").WithSummary("Ends a running turn and forgets the conversation; says what is done (200) and what is still owed (202).")
            .Produces<Deletion>().Produces<Deletion>(202).Produces<ProblemDocument>(404, "application/problem+json");
        group.MapPost("/{id}/turns", (HttpContext context, string id, TenantActors actors, TurnEndpoint endpoint) => endpoint.Handle(context, id, actors))
            .WithName("say").WithSummary("Says a turn; the reply streams as server-sent events: routed, reasoning, text, sentence, tool-call, bridge, completed, failed.")
            .Accepts<TurnBody>("application/json").Produces<string>(200, Sse)
            .Produces<ProblemDocument>(400, "application/problem+json").Produces<ProblemDocument>(409, "application/problem+json")
            .Produces<ProblemDocument>(413, "application/problem+json").Produces<ProblemDocument>(503, "application/problem+json");
        group.MapPost("/{id}/interrupt", Interrupt).WithName("interrupt").WithSummary("Barge in: ends a turn, or cuts the last one; the history keeps what was heard.")
            .Accepts<InterruptBody>(isOptional: true, "application/json").Produces<InterruptResult>()
            .Produces<ProblemDocument>(404, "application/problem+json");
        group.MapPost("/{id}/turns/{turnId}/feedback", Judge).WithName("judge").WithSummary("What a person thought of a turn that has ended: good, bad, should-be-local, should-be-cloud, or null to take it back. The last word counts.")
            .Accepts<FeedbackBody>("application/json").Produces(204)
            .Produces<ProblemDocument>(404, "application/problem+json").Produces<ProblemDocument>(409, "application/problem+json");
        group.MapPost("/{id}/listen", Listen).WithName("listen").WithSummary("Reads ahead what a person is still saying.")
            .Accepts<ListenBody>("application/json").Produces(204);
    }

    private static ValueTask<object?> CheckId(EndpointFilterInvocationContext call, EndpointFilterDelegate next) =>
        call.HttpContext.GetRouteValue("id") is string id && Conversation.CheckId(id) is { } problem ? throw new ProblemException(problem) : next(call);

    private static async Task List(
        HttpContext context, TenantActors actors, string? cursor, string? limit, string? words, string? answeredBy, string? route, string? state, string? since, string? until)
    {
        var query = new ConversationQuery
        {
            Words = QueryValue.Text("words", words, MaxWords),
            AnsweredBy = QueryValue.Text("answeredBy", answeredBy, Limits.MaxIdCharacters),
            Route = QueryValue.Choice<RouteTarget>("route", route),
            State = QueryValue.Choice<TurnState>("state", state),
            Since = QueryValue.Time("since", since),
            Until = QueryValue.Time("until", until),
        };
        var list = await actors.Archive.Find(query, cursor, Limit(limit), context.RequestAborted);
        await JsonAnswer.Write(context, list, WireJson.Answers.ConversationList);
    }

    private static async Task Read(HttpContext context, string id, TenantActors actors, AuditLog audit, string? after, string? limit)
    {
        var page = await actors.Archive.Read(id, After(after), Limit(limit), context.RequestAborted);
        if (page is null)
        {
            await ProblemAnswer.Write(context, Unknown(id));
            return;
        }

        audit.Did(context, "read", id);
        await JsonAnswer.Write(context, page, WireJson.Answers.ConversationPage);
    }

    private static async Task Delete(HttpContext context, string id, TenantActors actors, AuditLog audit)
    {
        // Not cancelled with the caller: half of a deletion is none.
        if (await actors.Conversations.Get(id).Forget(CancellationToken.None) is { } deletion)
        {
            audit.Did(context, "deleted", id);
            context.Response.StatusCode = deletion.Owed.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status202Accepted;
            await JsonAnswer.Write(context, deletion, WireJson.Answers.Deletion);
            return;
        }

        await ProblemAnswer.Write(context, Unknown(id));
    }

    private static async Task Interrupt(HttpContext context, string id, TenantActors actors, HttpLimits limits, UnknownMembers unknown)
    {
        using var body = await RequestBody.ReadOptional(context, limits);
        string? heard = null;
        string? turnId = null;
        if (body is not null)
        {
            var members = new JsonMembers(body.RootElement);
            heard = members.Text("heard", 0, Limits.MaxTurnCharacters);
            turnId = members.Text("turnId", 1, Limits.MaxIdCharacters);
            members.ThrowIfWrong();
            unknown.Note("POST /conversations/{id}/interrupt", members.Unread);
        }

        // Not cancelled with the caller: a client that barges in and hangs up still means it.
        var conversation = actors.Conversations.Get(id);
        var result = turnId is null ? await conversation.Interrupt(heard, CancellationToken.None) : await conversation.InterruptTurn(turnId, heard, CancellationToken.None);
        await JsonAnswer.Write(context, result, WireJson.Answers.InterruptResult);
    }

    private static async Task Judge(HttpContext context, string id, string turnId, TenantActors actors, HttpLimits limits, UnknownMembers unknown)
    {
        using var body = await RequestBody.Read(context, limits);
        var members = new JsonMembers(body.RootElement);
        var feedback = members.Choice<TurnFeedback>("feedback");
        members.ThrowIfWrong();
        unknown.Note("POST /conversations/{id}/turns/{turnId}/feedback", members.Unread);
        if (!await actors.Conversations.Record(id).Change(new JudgeTurn(turnId, feedback), context.RequestAborted))
        {
            await ProblemAnswer.Write(context, ProblemCodes.Missing($"Conversation '{id}' has no answered turn '{turnId}'."));
            return;
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task Listen(HttpContext context, string id, TenantActors actors, HttpLimits limits, UnknownMembers unknown)
    {
        using var body = await RequestBody.Read(context, limits);
        var members = new JsonMembers(body.RootElement);
        var draft = new SpokenDraft(
            members.RequiredText("text", 0, Limits.MaxTurnCharacters, "what was recognised so far; empty takes it back") ?? "",
            members.Flag("speculate") ?? false,
            members.Text("system", 0, Limits.MaxSystemCharacters));
        members.ThrowIfWrong();
        unknown.Note("POST /conversations/{id}/listen", members.Unread);
        await actors.Conversations.Get(id).Listen(draft, context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static int Limit(string? text) => (int)(QueryValue.Whole("limit", text, 1, Limits.MaxPage) ?? DefaultPage);

    private static long After(string? text) => QueryValue.Whole("after", text, 0, long.MaxValue) ?? 0;

    private static Problem Unknown(string id) => ProblemCodes.Missing($"There is no conversation '{id}'. It begins to exist with its first turn: POST /conversations/{id}/turns.");
}
