using System.Text;
using System.Text.Json;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.OpenAi;

/// <summary>Tool calls in an assistant's earlier messages, told to the model in words.</summary>
internal static class ToolCalls
{
    public static string Describe(JsonMembers message)
    {
        if (message.Any("tool_calls") is not { ValueKind: JsonValueKind.Array } calls)
        {
            return "";
        }

        var text = new StringBuilder();
        foreach (var call in calls.EnumerateArray())
        {
            if (call.ValueKind == JsonValueKind.Object && call.TryGetProperty("function", out var function) && function.ValueKind == JsonValueKind.Object)
            {
                text.Append('[').Append("called ").Append(TextOf(function, "name")).Append('(').Append(TextOf(function, "arguments")).Append(")]");
            }
        }

        return text.ToString();
    }

    private static string TextOf(JsonElement function, string name) =>
        function.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && JsonMembers.TryGetText(value, out var text) ? text : "";
}
