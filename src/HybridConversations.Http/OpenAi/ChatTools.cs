using System.Text.Json;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.OpenAi;

/// <summary>Reads <c>tools</c> and <c>tool_choice</c> of OpenAI's chat format.</summary>
internal static class ChatTools
{
    public static IReadOnlyList<ToolDefinition> Read(JsonMembers members)
    {
        switch (members.Any("tools"))
        {
            case null:
                return [];
            case { ValueKind: JsonValueKind.Array } tools when tools.GetArrayLength() <= Limits.MaxTools:
                return FunctionTools.Distinct(members, [.. tools.EnumerateArray().Select((tool, index) => ReadTool(members, tool, $"tools[{index}]")).OfType<ToolDefinition>()]);
            default:
                members.Wrong("tools", $"must be an array of at most {Limits.MaxTools} functions.");
                return [];
        }
    }

    public static ToolChoice ReadChoice(JsonMembers members, IReadOnlyList<ToolDefinition> tools)
    {
        switch (members.Any("tool_choice"))
        {
            case null:
                return ToolChoice.Auto;
            case { ValueKind: JsonValueKind.String } mode when Mode(mode) is { } known:
                return Checked(members, new ToolChoice(known), tools);
            case { ValueKind: JsonValueKind.Object } choice when Named(choice) is { } name:
                return Checked(members, ToolChoice.Named(name), tools);
            case { ValueKind: JsonValueKind.Object } choice when Allowed(choice) is { } allowed:
                return Checked(members, allowed, tools);
            default:
                members.Wrong("tool_choice", "must be \"auto\", \"none\", \"required\", {\"type\": \"function\", \"function\": {\"name\": \"…\"}} or {\"type\": \"allowed_tools\", \"allowed_tools\": {\"mode\": \"auto\", \"tools\": […]}}.");
                return ToolChoice.Auto;
        }
    }

    private static ToolDefinition? ReadTool(JsonMembers members, JsonElement tool, string path)
    {
        if (tool.ValueKind != JsonValueKind.Object || Member(tool, "function") is not { ValueKind: JsonValueKind.Object } function)
        {
            members.Wrong(path, "must be {\"type\": \"function\", \"function\": {\"name\": \"…\", \"parameters\": {…}}}: other kinds of tools are not run here.");
            return null;
        }

        return FunctionTools.Read(members.Inside(function, $"{path}.function"));
    }

    private static ToolChoice Checked(JsonMembers members, ToolChoice choice, IReadOnlyList<ToolDefinition> tools)
    {
        if (choice.Allowed?.FirstOrDefault(name => tools.All(tool => tool.Name != name)) is { } unknown)
        {
            members.Wrong("tool_choice", $"names '{unknown}', which is none of the tools.");
        }
        else if (choice.Mode == ToolChoiceMode.Required && tools.Count == 0)
        {
            members.Wrong("tool_choice", "asks for a call, and there are no tools.");
        }

        return choice;
    }

    private static ToolChoiceMode? Mode(JsonElement mode) =>
        mode.ValueEquals("auto") ? ToolChoiceMode.Auto : mode.ValueEquals("none") ? ToolChoiceMode.None : mode.ValueEquals("required") ? ToolChoiceMode.Required : null;

    /// <summary>The function of <c>{"type": "function", "function": {"name"}}</c>.</summary>
    private static string? Named(JsonElement choice) =>
        Member(choice, "function") is { ValueKind: JsonValueKind.Object } function && Member(function, "name") is { } name && JsonMembers.TryGetText(name, out var text) ? text : null;

    private static ToolChoice? Allowed(JsonElement choice)
    {
        var inside = Member(choice, "allowed_tools") is { ValueKind: JsonValueKind.Object } nested ? nested : choice;
        if (Member(inside, "tools") is not { ValueKind: JsonValueKind.Array } tools || Member(inside, "mode") is not { ValueKind: JsonValueKind.String } mode || Mode(mode) is not { } known)
        {
            return null;
        }

        var names = tools.EnumerateArray().Select(tool => tool.ValueKind == JsonValueKind.Object ? Named(tool) : null).OfType<string>().ToList();
        return names.Count == tools.GetArrayLength() ? new ToolChoice(known, names) : null;
    }

    private static JsonElement? Member(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}
