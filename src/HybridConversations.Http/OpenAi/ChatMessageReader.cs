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

        var conversation = new ChatMessageList();
        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            var path = $"messages[{index++}]";
            if (message.ValueKind != JsonValueKind.Object)
            {
                members.Wrong(path, $"must be an object with a role and a content, not {JsonMembers.Kind(message)}.");
                continue;
            }

            Add(conversation, members.Inside(message, path));
        }

        if (!conversation.EndsWithUser)
        {
            members.Wrong("messages", "must end with a message of the user (or of a tool): that is what is answered.");
        }

        return conversation.Messages;
    }

    private static void Add(ChatMessageList conversation, JsonMembers message)
    {
        var content = ReadContent(message);
        switch (message.Text("role", 1, 64))
        {
            case "system" or "developer":
                conversation.AddInstruction(content);
                break;
            case "user":
                conversation.AddUser(content);
                break;
            case "assistant":
                conversation.AddAssistant(content + ToolCalls.Describe(message));
                break;
            case "tool" or "function":
                conversation.AddUser($"[result of {message.Text("name", 1, 256) ?? message.Text("tool_call_id", 1, 256) ?? "a tool"}] {content}");
                break;
            case { } other:
                message.Wrong("role", $"'{other}' is none of system, developer, user, assistant, tool.");
                break;
            default:
                message.Wrong("role", "is missing: system, developer, user, assistant or tool.");
                break;
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
