using System.Text.Json;
using HybridConversations.Client.Wire;
using HybridConversations.Conversations.Archive;
using HybridConversations.Http.Keys;
using HybridConversations.Http.Problems;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.Conversations;

/// <summary><c>PUT /conversations/{id}</c>: a conversation that was read elsewhere begins here, a page at a time.</summary>
internal static class ImportEndpoint
{
    /// <summary>A page of 200 turns with all that they may hold.</summary>
    private const int MaxBytes = 64 << 20;

    public static async Task Put(HttpContext context, string id, TenantActors actors, AuditLog audit, HttpLimits limits, string? after)
    {
        var behind = QueryValue.Whole("after", after, 0, long.MaxValue) ?? 0;
        using var body = await RequestBody.Read(context, limits with { MaxBodyBytes = MaxBytes });
        if (actors.Conversations.Get(id) is not IConversationRecord record)
        {
            throw new ProblemException(ProblemCodes.InvalidRequest("Conversations cannot be brought to this server."));
        }

        if (await record.Change(RecordedTurns.Of(Page(body.RootElement, id), behind), context.RequestAborted))
        {
            audit.Did(context, "imported", id);
            context.Response.StatusCode = behind == 0 ? StatusCodes.Status201Created : StatusCodes.Status204NoContent;
            return;
        }

        await ProblemAnswer.Write(context, ProblemCodes.Exists(id));
    }

    private static ConversationPage Page(JsonElement body, string id)
    {
        try
        {
            var page = body.Deserialize(WireJson.Answers.ConversationPage);
            return page?.Turns is not null ? page with { Id = id } : throw new JsonException("\"turns\" is missing.");
        }
        catch (JsonException error)
        {
            throw new ProblemException(ProblemCodes.InvalidRequest($"The body is no page of a conversation as GET /conversations/{{id}} answers it: {error.Message}"), error);
        }
    }
}
