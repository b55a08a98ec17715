using HybridConversations.Http.Items;

namespace HybridConversations.Http.Responses;

/// <summary>Makes the input of a response the parts of a turn. Pure.</summary>
internal static class ResponseTurn
{
    /// <param name="request">What it is asked.</param>
    /// <param name="messages">Its input, and what came before where that is stored nowhere.</param>
    /// <param name="id">Its conversation and turn.</param>
    /// <param name="after">The turn that it must follow.</param>
    /// <param name="begins">It begins its conversation: system messages at its beginning become the conversation's own, which no window leaves out.</param>
    /// <param name="frame">What is kept of the request.</param>
    public static Turn Of(ResponseRequest request, IReadOnlyList<ChatMessage> messages, ResponseId id, string? after, bool begins, System.Text.Json.Nodes.JsonObject frame)
    {
        var system = begins ? messages.TakeWhile(message => message.Role == ChatMessage.System).Select(message => message.Content).ToList() : [];
        if (system.Sum(text => text.Length + 2) > Limits.MaxSystemCharacters)
        {
            system = [];
        }

        // The result of a call that came with it stands where it came; any other answers a call that the conversation has made.
        var own = messages.SelectMany(message => message.ToolCalls).Select(call => call.CallId).ToHashSet(StringComparer.Ordinal);
        var rest = messages.Skip(system.Count).ToList();
        var results = rest.Where(Answers).Select(message => new ToolResult(message.ToolCallId!, message.Content)).ToList();
        rest.RemoveAll(Answers);
        var text = rest is [.., { Role: ChatMessage.User } last] && last.Content.Length <= Limits.MaxTurnCharacters && !string.IsNullOrWhiteSpace(last.Content) ? last.Content : "";
        return request.Turn with
        {
            TurnId = id.TurnId,
            Text = text,
            System = system.Count == 0 ? null : string.Join("\n\n", system),
            ToolResults = results,
            Earlier = text.Length > 0 ? rest[..^1] : rest,
            After = after,
            Note = new ResponseNote(frame, system).ToString(),
        };

        bool Answers(ChatMessage message) => message is { Role: ChatMessage.Tool, ToolCallId: { } callId } && !own.Contains(callId);
    }
}
