using System.Text.Json;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.Ollama;

/// <summary>One of Ollama's messages. Its calls and results carry no ids: results answer the calls before them by name, else in their order.</summary>
internal static class OllamaMessageReader
{
    private const int MaxCharacters = 1 << 20;

    public static ChatMessage Read(JsonMembers message, IReadOnlyList<ChatMessage> before)
    {
        if (message.Any("images") is { ValueKind: JsonValueKind.Array } images && images.GetArrayLength() > 0)
        {
            message.Wrong("images", "are not understood: the model reads text only.");
        }

        var content = message.Text("content", 0, MaxCharacters) ?? "";
        var role = message.RequiredText("role", 1, 64, "system, user, assistant or tool") ?? "";
        switch (role)
        {
            case ChatMessage.System or ChatMessage.User:
                return new ChatMessage(role, content);
            case ChatMessage.Assistant:
                return new ChatMessage(role, content) { Reasoning = message.Text("thinking", 0, MaxCharacters), ToolCalls = ReadCalls(message, before.Sum(earlier => earlier.ToolCalls.Count)) };
            case ChatMessage.Tool:
                var name = message.Text("tool_name", 1, 64) ?? message.Text("name", 1, 64);
                var call = CallFor(before, message.Text("tool_call_id", 1, Limits.MaxIdCharacters), name);
                return new ChatMessage(role, content) { Name = name ?? call?.Name, ToolCallId = call?.CallId };
            default:
                message.Wrong("role", $"'{LogText.Of(role)}' is none of system, user, assistant, tool.");
                return new ChatMessage(ChatMessage.User, content);
        }
    }

    private static ToolCall? CallFor(IReadOnlyList<ChatMessage> before, string? id, string? name)
    {
        var answered = before.Select(message => message.ToolCallId).ToHashSet();
        var open = before.SelectMany(message => message.ToolCalls).Where(call => !answered.Contains(call.CallId)).ToList();
        return open.Find(call => call.CallId == id) ?? open.Find(call => call.Name == name) ?? (name is null && id is null ? open.FirstOrDefault() : null);
    }

    private static List<ToolCall> ReadCalls(JsonMembers message, int first)
    {
        var calls = new List<ToolCall>();
        if (message.Any("tool_calls") is not { ValueKind: JsonValueKind.Array } array)
        {
            return calls;
        }

        foreach (var call in array.EnumerateArray())
        {
            var path = $"tool_calls[{calls.Count}]";
            if (call.ValueKind != JsonValueKind.Object || message.Inside(call, path).Any("function") is not { ValueKind: JsonValueKind.Object } function)
            {
                message.Wrong(path, "must be {\"function\": {\"name\": …, \"arguments\": {…}}}.");
                break;
            }

            var inside = message.Inside(function, $"{path}.function");
            calls.Add(new ToolCall(
                message.Inside(call, path).Text("id", 1, Limits.MaxIdCharacters) ?? $"call_{first + calls.Count}",
                inside.RequiredText("name", 1, 64, "which function was called") ?? "",
                ReadArguments(inside)));
        }

        return calls;
    }

    /// <summary>An object; some clients send it as text, as OpenAI does.</summary>
    private static string ReadArguments(JsonMembers function)
    {
        switch (function.Any("arguments"))
        {
            case null:
                return "{}";
            case { ValueKind: JsonValueKind.Object } arguments:
                return arguments.GetRawText();
            case { ValueKind: JsonValueKind.String } text when JsonMembers.TryGetText(text, out var json) && JsonObjectText.IsValid(json):
                return json;
            default:
                function.Wrong("arguments", "must be a JSON object.");
                return "{}";
        }
    }
}
