using System.Text.Json;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.Conversations;

/// <summary>Reads <c>tools</c>, <c>toolChoice</c> and <c>toolResults</c> of a turn. What a function must be like is for the conversation to say.</summary>
internal static class TurnTools
{
    /// <summary>Null where the turn leaves the conversation's functions as they are.</summary>
    public static IReadOnlyList<ToolDefinition>? Read(JsonMembers members) => List(members, "tools", Limits.MaxTools, ReadTool);

    public static IReadOnlyList<ToolResult> ReadResults(JsonMembers members) =>
        (IReadOnlyList<ToolResult>?)List(members, "toolResults", Limits.MaxToolResults, ReadResult) ?? [];

    /// <summary>A mode, or an object that says which: <c>{"mode": "required", "allowed": ["get_weather"]}</c>, or <c>{"name": "get_weather"}</c>.</summary>
    public static ToolChoice? ReadChoice(JsonMembers members)
    {
        switch (members.Any("toolChoice"))
        {
            case null:
                return null;
            case { ValueKind: JsonValueKind.String }:
                return members.Choice<ToolChoiceMode>("toolChoice") is { } mode ? new ToolChoice(mode) : null;
            case { ValueKind: JsonValueKind.Object } choice:
                var inside = members.Inside(choice, "toolChoice");
                return inside.Text("name", 1, Limits.MaxToolNameCharacters) is { } name
                    ? ToolChoice.Named(name)
                    : new ToolChoice(inside.Choice<ToolChoiceMode>("mode") ?? ToolChoiceMode.Auto, Allowed(inside));
            default:
                members.Wrong("toolChoice", "must be \"auto\", \"none\", \"required\", {\"name\": \"…\"} or {\"mode\": \"…\", \"allowed\": [\"…\"]}.");
                return null;
        }
    }

    private static IReadOnlyList<string>? Allowed(JsonMembers choice) =>
        choice.Any("allowed") is null ? null : choice.TextOrTexts("allowed", Limits.MaxTools, Limits.MaxToolNameCharacters);

    private static List<T>? List<T>(JsonMembers members, string name, int max, Func<JsonMembers, T?> read)
        where T : class
    {
        switch (members.Any(name))
        {
            case null:
                return null;
            case { ValueKind: JsonValueKind.Array } list when list.GetArrayLength() <= max:
                return [.. members.Objects(name, list).Select(read).OfType<T>()];
            case { ValueKind: JsonValueKind.Array } list:
                members.Wrong(name, $"has {list.GetArrayLength()} items; at most {max} are allowed.");
                return null;
            case { } other:
                members.Wrong(name, $"must be an array, not {JsonMembers.Kind(other)}.");
                return null;
        }
    }

    private static ToolDefinition? ReadTool(JsonMembers tool)
    {
        if (tool.Any("function") is { ValueKind: JsonValueKind.Object } function)
        {
            tool = tool.Inside(function, "function");
        }

        return FunctionTools.Read(tool);
    }

    private static ToolResult? ReadResult(JsonMembers result)
    {
        var callId = result.RequiredText("callId", 1, Limits.MaxIdCharacters, "the call that it answers");
        var content = result.RequiredText("content", 0, Limits.MaxToolResultCharacters, "what the call brought");
        return callId is null || content is null ? null : new ToolResult(callId, content);
    }
}
