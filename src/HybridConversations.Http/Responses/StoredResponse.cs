using System.Text.Json.Nodes;

namespace HybridConversations.Http.Responses;

/// <summary>A response that others may go on from.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Messages">Everything said up to its end, without instructions.</param>
/// <param name="InputItems">The input of this response alone.</param>
/// <param name="Response">As it was answered.</param>
internal sealed record StoredResponse(string Id, IReadOnlyList<ChatMessage> Messages, JsonArray InputItems, JsonObject Response)
{
    /// <summary>About how many bytes it holds.</summary>
    public long Bytes { get; } = 1024 + (2L * Messages.Sum(message => message.Content.Length + message.ToolCalls.Sum(call => call.Arguments.Length)));
}
