using System.Text.Json;
using HybridConversations.Http.Problems;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.Ollama;

/// <summary>The body of <c>POST /api/chat</c>.</summary>
internal static class OllamaChatReader
{
    private const int MaxMessages = 4096;

    /// <exception cref="RequestProblemException">Members are missing or have values that are not allowed.</exception>
    public static OllamaRequest Read(JsonElement body, UnknownMembers unknown)
    {
        var members = new JsonMembers(body, OllamaFields.Chat);
        var request = OllamaOptions.Read(members, new DeviceRequest { Messages = ReadMessages(members), Tools = ReadTools(members) });
        members.Close(unknown);
        return request.Device!.Messages.Count == 0 ? request with { Device = null } : request;
    }

    private static List<ChatMessage> ReadMessages(JsonMembers members)
    {
        var messages = new List<ChatMessage>();
        switch (members.Any("messages"))
        {
            case { ValueKind: JsonValueKind.Array } array when array.GetArrayLength() <= MaxMessages:
                foreach (var message in array.EnumerateArray())
                {
                    var path = $"messages[{messages.Count}]";
                    messages.Add(message.ValueKind == JsonValueKind.Object ? OllamaMessageReader.Read(members.Inside(message, path), messages) : new ChatMessage("", ""));
                    if (message.ValueKind != JsonValueKind.Object)
                    {
                        members.Wrong(path, $"must be an object with a role and a content, not {JsonMembers.Kind(message)}.");
                    }
                }

                break;
            case not null:
                members.Wrong("messages", $"must be an array of at most {MaxMessages} messages.");
                break;
        }

        return messages;
    }

    private static IReadOnlyList<ToolDefinition> ReadTools(JsonMembers members)
    {
        var tools = new List<ToolDefinition>();
        if (members.Any("tools") is not { } list)
        {
            return tools;
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > Limits.MaxTools)
        {
            members.Wrong("tools", $"must be an array of at most {Limits.MaxTools} tools.");
            return tools;
        }

        foreach (var (index, tool) in list.EnumerateArray().Index())
        {
            var path = $"tools[{index}]";
            if (tool.ValueKind != JsonValueKind.Object || members.Inside(tool, path).Any("function") is not { ValueKind: JsonValueKind.Object } function)
            {
                members.Wrong(path, "must be {\"type\": \"function\", \"function\": {\"name\": …, \"parameters\": {…}}}.");
                return tools;
            }

            if (FunctionTools.Read(members.Inside(function, $"{path}.function")) is { } read)
            {
                tools.Add(read);
            }
        }

        return FunctionTools.Distinct(members, tools);
    }
}
