using System.Text.Json;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.OpenAi;

/// <summary>Reads <c>messages</c> as OpenAI's clients send them.</summary>
internal static class ChatMessageReader
{
    private const int MaxMessages = 4096;
    private const int MaxCharacters = 1 << 20;

    public static IReadOnlyList<ChatMessage> Read(JsonMembers members)
    {
        if (members.Any("messages") is not { ValueKind: JsonValueKind.Array } messages || messages.GetArrayLength() is 0 or > MaxMessages)
        {
            members.Wrong("messages", $"must be an array of 1 to {MaxMessages} messages, each with a role and a content.");
            return [];
        }

        return [.. members.Objects("messages", messages, " with a role and a content").Select(ReadMessage).OfType<ChatMessage>()];
    }

    private static ChatMessage? ReadMessage(JsonMembers message)
    {
        var content = ReadContent(message);
        switch (message.Text("role", 1, 64))
        {
            case "system" or "developer":
                return new ChatMessage(ChatMessage.System, content);
            case "user":
                return new ChatMessage(ChatMessage.User, content);
            case "assistant":
                return new ChatMessage(ChatMessage.Assistant, content) { ToolCalls = ToolCalls.Read(message), Reasoning = message.Text("reasoning_content", 0, MaxCharacters) };
            case "tool" or "function":
                return new ChatMessage(ChatMessage.Tool, content) { ToolCallId = message.Text("tool_call_id", 0, 256) ?? "", Name = message.Text("name", 1, 256) };
            case { } other:
                message.Wrong("role", $"'{other}' is none of system, developer, user, assistant, tool.");
                return null;
            default:
                message.Wrong("role", "is missing: system, developer, user, assistant or tool.");
                return null;
        }
    }

    private static string ReadContent(JsonMembers message)
    {
        switch (message.Any("content"))
        {
            case null:
                return "";
            case { ValueKind: JsonValueKind.String }:
                return message.Text("content", 0, MaxCharacters) ?? "";
            case { ValueKind: JsonValueKind.Array } parts:
                return string.Join('\n', parts.EnumerateArray().Select((part, index) => ReadPart(message, part, index)));
            case { } other:
                message.Wrong("content", $"must be a string or an array of text parts, not {JsonMembers.Kind(other)}.");
                return "";
        }
    }

    private static string ReadPart(JsonMembers message, JsonElement part, int index)
    {
        var path = $"content[{index}]";
        if (part.ValueKind != JsonValueKind.Object)
        {
            message.Wrong(path, $"must be an object such as {{\"type\": \"text\", \"text\": \"…\"}}, not {JsonMembers.Kind(part)}.");
            return "";
        }

        var members = message.Inside(part, path);
        switch (members.Text("type", 1, 64))
        {
            case "text" or "input_text" or null:
                return members.RequiredText("text", 0, MaxCharacters, "the text of this part") ?? "";
            case "refusal":
                return members.Text("refusal", 0, MaxCharacters) ?? "";
            case { } type:
                members.Wrong("type", $"'{type}' is not understood: the model reads text only. Leave this part out, or describe it in words.");
                return "";
        }
    }
}
