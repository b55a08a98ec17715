using System.Text.Json;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.OpenAi;

/// <summary>Calls in an assistant's earlier messages. What is not as OpenAI has it (ids, arguments that are no JSON) is taken as it is: it was said, and cannot be unsaid.</summary>
internal static class ToolCalls
{
    public static IReadOnlyList<ToolCall> Read(JsonMembers message)
    {
        if (message.Any("tool_calls") is not { ValueKind: JsonValueKind.Array } calls)
        {
            return [];
        }

        var read = new List<ToolCall>();
        foreach (var call in calls.EnumerateArray())
        {
            if (call.ValueKind == JsonValueKind.Object && call.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object)
            {
                read.Add(new ToolCall(TextOf(call, "id"), TextOf(function, "name"), Arguments(function)));
            }
        }

        return read;
    }

    /// <summary>Some clients send an object instead of its text.</summary>
    private static string Arguments(JsonElement function) =>
        function.TryGetProperty("arguments", out var value) && value.ValueKind == JsonValueKind.Object ? value.GetRawText() : TextOf(function, "arguments") is { Length: > 0 } text ? text : "{}";

    private static string TextOf(JsonElement function, string name) =>
        function.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && JsonMembers.TryGetText(value, out var text) ? text : "";
}
