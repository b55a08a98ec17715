using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using HybridConversations.Http.Items;

namespace HybridConversations.Http.Responses;

/// <summary>The events of a response, told again from its record.</summary>
internal static class RecordedEvents
{
    /// <summary>How often to look whether a response that runs elsewhere has ended.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Yields all events, its text in one piece; null while it still runs. Who has had events knows pieces that are not on record: all that is left to tell behind
    /// <paramref name="after"/> is the last event, which holds the whole response.
    /// </summary>
    public static async IAsyncEnumerable<JsonObject?> Of(
        IConversations conversations, ResponseId id, TurnRecord turn, long? after, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var number = after + 1 ?? 0;
        var document = new ResponseDocument(id, RecordedResponse.FrameOf(turn)) { Hybrid = RecordedResponse.RouteOf(turn) };
        if (after is null)
        {
            yield return Numbered(new JsonObject { ["type"] = "response.created", ["response"] = document.At("in_progress") });
            yield return Numbered(new JsonObject { ["type"] = "response.in_progress", ["response"] = document.At("in_progress") });
        }

        while (turn.State == TurnState.Running)
        {
            yield return null;
            await Task.Delay(Look, time, cancellationToken);
            turn = await conversations.Find(id, cancellationToken) ?? throw new ProblemException(ResponseProblems.NotFound(id.ToString()));
        }

        var response = RecordedResponse.Of(id.ConversationId, turn) ?? throw new ProblemException(ResponseProblems.NotFound(id.ToString()));
        var status = (string)response["status"]!;
        if (after is null)
        {
            var items = new OutputItems(document);
            foreach (var e in Replies(id, turn).SelectMany(items.Take).Concat(items.Close(whole: status == "completed")))
            {
                yield return Numbered(e);
            }
        }

        yield return Numbered(new JsonObject { ["type"] = status is "completed" or "failed" ? $"response.{status}" : "response.incomplete", ["response"] = response });

        JsonObject Numbered(JsonObject e)
        {
            e["sequence_number"] = number++;
            return e;
        }
    }

    private static IEnumerable<ReplyEvent> Replies(ResponseId id, TurnRecord turn) => RecordedItem.Of(id.ConversationId, turn).Where(item => !item.IsInput)
        .Select(item => (ReplyEvent)(item switch
        {
            { Id.Place: ItemPlace.Reasoning } => new ReplyReasoning(item.Message.Reasoning!),
            { Message.ToolCalls: [var call, ..] } => ReplyToolCall.Of(call),
            _ => new ReplyText(item.Message.Content),
        }));
}
