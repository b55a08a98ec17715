using System.Text.Json;
using HybridConversations.Client.Wire;

namespace HybridConversations.Client;

/// <summary>From a server-sent event to a <see cref="ReplyEvent"/>; null for a name that is not known.</summary>
internal static class ReplyEventFormat
{
    public static ReplyEvent? Parse(string name, ReadOnlySpan<byte> data)
    {
        var json = WireJson.Answers;
        return name switch
        {
            EventNames.Text => JsonSerializer.Deserialize(data, json.ReplyText),
            EventNames.Sentence => JsonSerializer.Deserialize(data, json.ReplySentence),
            EventNames.Routed => JsonSerializer.Deserialize(data, json.ReplyRouted),
            EventNames.Reasoning => JsonSerializer.Deserialize(data, json.ReplyReasoning),
            EventNames.ToolCall => JsonSerializer.Deserialize(data, json.ReplyToolCall),
            EventNames.Bridge => JsonSerializer.Deserialize(data, json.ReplyBridge),
            EventNames.Completed => JsonSerializer.Deserialize(data, json.ReplyCompleted),
            EventNames.Failed when JsonSerializer.Deserialize(data, json.ProblemDocument) is { } document => new ReplyFailed(document.TurnId ?? "", document.ToProblem()),
            _ => null,
        };
    }
}
