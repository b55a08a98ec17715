using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.Responses;

/// <summary><c>input</c>: a text, or items: messages, calls, their results.</summary>
internal static class ResponseInput
{
    private const int MaxItems = 4096;
    private const int MaxCharacters = 1 << 20;

    public static (IReadOnlyList<ChatMessage> Messages, JsonArray Items) Read(JsonMembers members)
    {
        switch (members.Any("input"))
        {
            case null:
                return ([], []);
            case { ValueKind: JsonValueKind.String } when members.Text("input", 0, MaxCharacters) is { } text:
                return ([new ChatMessage(ChatMessage.User, text)], [Item(new JsonObject
                {
                    ["type"] = "message",
                    ["role"] = ChatMessage.User,
                    ["content"] = new JsonArray(new JsonObject { ["type"] = "input_text", ["text"] = text }),
                })]);
            case { ValueKind: JsonValueKind.Array } array when array.GetArrayLength() <= MaxItems:
                return ReadItems(members, array);
            default:
                members.Wrong("input", $"must be a string of at most {MaxCharacters} characters or an array of at most {MaxItems} items.");
                return ([], []);
        }
    }

    private static (List<ChatMessage> Messages, JsonArray Items) ReadItems(JsonMembers members, JsonElement array)
    {
        var messages = new List<ChatMessage>();
        var items = new JsonArray();
        var index = 0;
        foreach (var item in array.EnumerateArray())
        {
            var path = $"input[{index++}]";
            if (item.ValueKind != JsonValueKind.Object)
            {
                members.Wrong(path, $"must be an object, not {JsonMembers.Kind(item)}.");
                continue;
            }

            Add(messages, members.Inside(item, path));
            items.Add((JsonNode)Item(JsonNode.Parse(item.GetRawText())!.AsObject()));
        }

        return (messages, items);
    }

    private static void Add(List<ChatMessage> messages, JsonMembers item)
    {
        switch (item.Text("type", 1, 64) ?? "message")
        {
            case "message":
                var content = Text(item, "content");
                switch (item.RequiredText("role", 1, 64, "system, developer, user or assistant"))
                {
                    case "system" or "developer":
                        messages.Add(new ChatMessage(ChatMessage.System, content));
                        break;
                    case "user":
                        messages.Add(new ChatMessage(ChatMessage.User, content));
                        break;
                    case "assistant":
                        messages.Add(new ChatMessage(ChatMessage.Assistant, content));
                        break;
                    case { } other:
                        item.Wrong("role", $"'{LogText.Of(other)}' is none of system, developer, user, assistant.");
                        break;
                }

                break;
            case "function_call":
                var call = new ToolCall(
                    item.RequiredText("call_id", 1, Limits.MaxIdCharacters, "the id of the call") ?? "", item.RequiredText("name", 1, 64, "which function") ?? "",
                    item.Text("arguments", 0, MaxCharacters) is { Length: > 0 } arguments ? arguments : "{}");

                // Calls of one reply stand in one message.
                if (messages is [.., { Role: ChatMessage.Assistant } last])
                {
                    messages[^1] = last with { ToolCalls = [.. last.ToolCalls, call] };
                }
                else
                {
                    messages.Add(new ChatMessage(ChatMessage.Assistant, "") { ToolCalls = [call] });
                }

                break;
            case "function_call_output":
                messages.Add(new ChatMessage(ChatMessage.Tool, Text(item, "output")) { ToolCallId = item.RequiredText("call_id", 1, Limits.MaxIdCharacters, "which call it answers") });
                break;
            case "reasoning":
                break; // thoughts of earlier replies are no part of later prompts
            case { } type:
                item.Wrong("type", $"'{LogText.Of(type)}' is not understood: send messages, function_call, function_call_output.");
                break;
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
                var index = 0;
                foreach (var part in parts.EnumerateArray())
                {
                    var path = $"{name}[{index++}]";
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

    /// <summary>Items can be read back, and then have an id.</summary>
    private static JsonObject Item(JsonObject item)
    {
        item["id"] ??= $"item_{Guid.CreateVersion7():N}";
        item["type"] ??= "message";
        return item;
    }
}
