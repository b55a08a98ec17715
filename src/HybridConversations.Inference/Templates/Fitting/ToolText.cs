using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HybridConversations.Inference.Templates.Fitting;

/// <summary>Tools, calls and results in words, for a template that knows nothing of them: the form of Hermes and Qwen.</summary>
internal static class ToolText
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Adds what may be called to the system message.</summary>
    public static IReadOnlyList<ChatMessage> Describe(IReadOnlyList<ChatMessage> messages, IReadOnlyList<ToolDefinition> tools)
    {
        var text = new StringBuilder("# Tools\n\nYou may call functions to help with the request. Their signatures are within <tools></tools>:\n<tools>\n");
        foreach (var tool in tools)
        {
            text.Append(Signature(tool)).Append('\n');
        }

        text.Append("</tools>\n\nTo call one, answer with a JSON object within <tool_call></tool_call>:\n<tool_call>\n{\"name\": <name>, \"arguments\": <arguments as an object>}\n</tool_call>");
        return messages.Count > 0 && messages[0] is { Role: ChatMessage.System } system
            ? [system with { Content = $"{system.Content}\n\n{text}" }, .. messages.Skip(1)]
            : [new ChatMessage(ChatMessage.System, text.ToString()), .. messages];
    }

    /// <summary>Calls as part of what the assistant says, results as part of what the person says.</summary>
    public static ChatMessage InWords(ChatMessage message)
    {
        if (message.Role == ChatMessage.Tool)
        {
            return new ChatMessage(ChatMessage.User, $"<tool_response>\n{message.Content}\n</tool_response>");
        }

        if (message.ToolCalls.Count == 0)
        {
            return message;
        }

        var calls = message.ToolCalls.Select(call => $"<tool_call>\n{{\"name\": {JsonSerializer.Serialize(call.Name, Relaxed)}, \"arguments\": {call.Arguments}}}\n</tool_call>");
        return message with { Content = string.Join('\n', message.Content.Length == 0 ? calls : calls.Prepend(message.Content)), ToolCalls = [] };
    }

    private static string Signature(ToolDefinition tool) => new JsonObject
    {
        ["type"] = "function",
        ["function"] = new JsonObject
        {
            ["name"] = tool.Name,
            ["description"] = tool.Description ?? "",
            ["parameters"] = tool.Parameters is { } schema ? JsonNode.Parse(schema) : new JsonObject { ["type"] = "object", ["properties"] = new JsonObject() },
        },
    }.ToJsonString(Relaxed);
}
