using System.Text.Json.Nodes;
using HybridConversations.Http.Items;

namespace HybridConversations.Http.Responses;

/// <summary>A response as it is on record: a turn of a conversation.</summary>
internal static class RecordedResponse
{
    /// <summary>Null for a turn that is no response: messages that were only added.</summary>
    public static JsonObject? Of(string conversationId, TurnRecord turn)
    {
        if (turn is { User: "", Reply: "", ToolCalls: null, ToolResults: null, Note: null })
        {
            return null;
        }

        var document = new ResponseDocument(new ResponseId(conversationId, turn.TurnId), FrameOf(turn)) { Hybrid = RouteOf(turn) };
        var (status, incomplete) = Status(turn);
        foreach (var item in RecordedItem.Of(conversationId, turn).Where(item => !item.IsInput))
        {
            var output = item.Document;
            output["status"] = status == "completed" || item.Id.Place is ItemPlace.Call or ItemPlace.Reasoning ? ItemDocuments.Completed : "incomplete";
            document.Output.Add((JsonNode)output);
        }

        var error = turn.State == TurnState.Failed ? turn.Problem ?? ProblemCodes.Unready("The reply broke off.", 1000) : null;
        return document.At(status, turn.State == TurnState.Failed ? null : turn.Usage, incomplete, error, status == "completed" ? turn.EndedAt : null);
    }

    /// <summary>What its request decided.</summary>
    public static JsonObject FrameOf(TurnRecord turn) => ResponseNote.FrameOf(turn.Note) ?? ResponseDocument.Frame(turn.AnsweredBy ?? "", turn.StartedAt);

    /// <summary>Where it was answered; null before that is decided.</summary>
    public static JsonObject? RouteOf(TurnRecord turn) =>
        turn.Route is { } route ? ResponseDocument.Route(route, turn.RouteReason, turn.RoutePolicy, turn.RouteScore) : null;

    private static (string Status, string? Incomplete) Status(TurnRecord turn) => turn switch
    {
        { State: TurnState.Running } => ("in_progress", null),
        { State: TurnState.Failed } => ("failed", null),
        { State: TurnState.Interrupted, Repeatable: true } => ("incomplete", "interrupted"),
        { State: TurnState.Interrupted } => ("cancelled", null),
        { FinishReason: FinishReason.Length } => ("incomplete", "max_output_tokens"),
        { FinishReason: FinishReason.Cut } => ("incomplete", "cut"),
        _ => ("completed", null),
    };
}
