using System.Text;
using System.Text.Json;
using HybridConversations.Http.Items;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.Responses;

/// <summary><c>input</c>: a text, or items: messages, calls, their results.</summary>
internal static class ResponseInput
{
    public const int MaxItems = 4096;
    private const int MaxCharacters = 1 << 20;

    public static IReadOnlyList<InputItem> Read(JsonMembers members)
    {
        switch (members.Any("input"))
        {
            case null:
                return [];
            case { ValueKind: JsonValueKind.String }:
                return members.Text("input", 0, MaxCharacters) is { } text ? [new InputItem(new ChatMessage(ChatMessage.User, text))] : [];
            default:
                return ReadItems(members, "input");
        }
    }

    public static IReadOnlyList<InputItem> ReadItems(JsonMembers members, string name)
    {
        if (members.Any(name) is not { } array)
        {
            return [];
        }

        if (array.ValueKind != JsonValueKind.Array || array.GetArrayLength() > MaxItems)
        {
            members.Wrong(name, $"must be {(name == "input" ? $"a string of at most {MaxCharacters} characters or " : "")}an array of at most {MaxItems} items.");
            return [];
        }

        return [.. members.Objects(name, array).Select(ReadItem).OfType<InputItem>()];
    }

    /// <returns>Null for what is wrong, and for thoughts of earlier replies: they are no part of later prompts.</returns>
    private static InputItem? ReadItem(JsonMembers item)
    {
        switch (item.Text("type", 1, 64) ?? "message")
        {
            case "message":
                return ReadMessage(item) is { } message ? new InputItem(message) : null;
            case "function_call":
                var call = new ToolCall(
                    item.RequiredText("call_id", 1, Limits.MaxIdCharacters, "the id of the call") ?? "", item.RequiredText("name", 1, 64, "which function") ?? "",
                    item.Text("arguments", 0, MaxCharacters) is { Length: > 0 } arguments ? arguments : "{}");
                return new InputItem(new ChatMessage(ChatMessage.Assistant, "") { ToolCalls = [call] });
            case "function_call_output":
                return new InputItem(new ChatMessage(ChatMessage.Tool, Text(item, "output")) { ToolCallId = item.RequiredText("call_id", 1, Limits.MaxIdCharacters, "which call it answers") });
            case "item_reference":
                var id = item.RequiredText("id", 1, 2048, "which item");
                if (ItemId.TryParse(id, out var reference))
                {
                    return new InputItem(null, reference);
                }

                item.Wrong("id", $"'{LogText.Of(id ?? "")}' is no item that is stored here. Send the item itself.");
                return null;
            case "reasoning":
                return null;
            case var type:
                item.Wrong("type", $"'{LogText.Of(type)}' is not understood: send messages, function_call, function_call_output, item_reference.");
                return null;
        }
    }

    private static ChatMessage? ReadMessage(JsonMembers item)
    {
        var content = Text(item, "content");
        switch (item.RequiredText("role", 1, 64, "system, developer, user or assistant"))
        {
            case "system" or "developer":
                return new ChatMessage(ChatMessage.System, content);
            case "user":
                return new ChatMessage(ChatMessage.User, content);
            case "assistant":
                return new ChatMessage(ChatMessage.Assistant, content);
            case { } other:
                item.Wrong("role", $"'{LogText.Of(other)}' is none of system, developer, user, assistant.");
                return null;
            default:
                return null;
        }
    }

    private static string Text(JsonMembers item, string name)
    {
        switch (item.Any(name))
        {
            case null:
                return "";
            case { ValueKind: JsonValueKind.String }:
                return item.Text(name, 0, MaxCharacters) ?? "";
            case { ValueKind: JsonValueKind.Array } parts:
                var text = new StringBuilder();
                foreach (var (index, part) in parts.EnumerateArray().Index())
                {
                    var path = $"{name}[{index}]";
                    if (part.ValueKind != JsonValueKind.Object)
                    {
                        item.Wrong(path, "must be an object with a type and a text.");
                        continue;
                    }

                    var inside = item.Inside(part, path);
                    if (inside.Text("type", 1, 64) is "input_text" or "output_text" or "text" or "refusal")
                    {
                        text.Append(inside.Text("text", 0, MaxCharacters) ?? inside.Text("refusal", 0, MaxCharacters));
                    }
                    else
                    {
                        inside.Wrong("type", "is not understood: the model reads text only (input_text, output_text).");
                    }
                }

                return text.ToString();
            default:
                item.Wrong(name, "must be a string or an array of parts.");
                return "";
        }
    }
}
