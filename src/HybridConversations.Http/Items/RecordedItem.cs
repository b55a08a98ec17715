using System.Text.Json.Nodes;

namespace HybridConversations.Http.Items;

/// <summary>One item of a turn that is on record: a message, a call or a result.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Message">What it says, as models read it.</param>
internal sealed record RecordedItem(ItemId Id, ChatMessage Message)
{
    /// <summary>A thought is told as its summary.</summary>
    public bool IsSummary { get; init; }

    /// <summary>Part of what was asked, not of what was answered.</summary>
    public bool IsInput => Id.Place is not (ItemPlace.Reasoning or ItemPlace.Reply or ItemPlace.Call);

    /// <summary>Part of what later prompts hold.</summary>
    public bool IsPrompt => Id.Place is not (ItemPlace.System or ItemPlace.Reasoning);

    public JsonObject Document => Message switch
    {
        _ when Id.Place == ItemPlace.Reasoning => ItemDocuments.OfReasoning(Id, Message.Reasoning ?? "", IsSummary),
        { ToolCalls: [var call, ..] } => ItemDocuments.OfCall(Id, call),
        { Role: ChatMessage.Tool } => ItemDocuments.OfResult(Id, Message.ToolCallId ?? "", Message.Content),
        _ => ItemDocuments.OfMessage(Id, Message.Role, Message.Content),
    };

    /// <summary>The items of a turn, in order.</summary>
    public static IEnumerable<RecordedItem> Of(string conversationId, TurnRecord turn)
    {
        var response = new ResponseId(conversationId, turn.TurnId);
        foreach (var (index, text) in ResponseNote.SystemOf(turn.Note).Index())
        {
            yield return new RecordedItem(ItemId.At(response, ItemPlace.System, index), new ChatMessage(ChatMessage.System, text));
        }

        foreach (var result in turn.ToolResults ?? [])
        {
            yield return new RecordedItem(ItemId.OfCall(response, ItemPlace.Result, result.CallId), new ChatMessage(ChatMessage.Tool, result.Content) { ToolCallId = result.CallId });
        }

        foreach (var (index, message) in (turn.Earlier ?? []).Index())
        {
            if (message is not { Content: "", ToolCalls.Count: 0, ToolCallId: null })
            {
                yield return new RecordedItem(ItemId.At(response, ItemPlace.Earlier, index), message);
            }
        }

        if (turn.User.Length > 0)
        {
            yield return new RecordedItem(new ItemId(response, ItemPlace.User), new ChatMessage(ChatMessage.User, turn.User));
        }

        if (turn.Reasoning is { } thought)
        {
            yield return new RecordedItem(ItemId.At(response, ItemPlace.Reasoning, 0), new ChatMessage(ChatMessage.Assistant, "") { Reasoning = thought }) { IsSummary = ResponseNote.WantsSummary(ResponseNote.FrameOf(turn.Note)) };
        }

        if (turn.Reply.Length > 0)
        {
            yield return new RecordedItem(new ItemId(response, ItemPlace.Reply), new ChatMessage(ChatMessage.Assistant, turn.Reply));
        }

        foreach (var call in turn.ToolCalls ?? [])
        {
            yield return new RecordedItem(ItemId.OfCall(response, ItemPlace.Call, call.CallId), new ChatMessage(ChatMessage.Assistant, "") { ToolCalls = [call] });
        }
    }
}
