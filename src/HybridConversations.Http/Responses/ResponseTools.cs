using System.Text.Json;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.Responses;

/// <summary><c>tools</c> and <c>tool_choice</c> of the Responses API, where a function stands without a wrapper.</summary>
internal static class ResponseTools
{
    private const int MaxTools = 128;

    public static IReadOnlyList<ToolDefinition> Read(JsonMembers members)
    {
        if (members.Any("tools") is not { } list)
        {
            return [];
        }

        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() > MaxTools)
        {
            members.Wrong("tools", $"must be an array of at most {MaxTools} tools.");
            return [];
        }

        var tools = new List<ToolDefinition>();
        foreach (var tool in list.EnumerateArray())
        {
            var path = $"tools[{tools.Count}]";
            if (tool.ValueKind != JsonValueKind.Object || members.Inside(tool, path).Text("type", 1, 64) != "function")
            {
                members.Wrong(path, "must be {\"type\": \"function\", \"name\": …, \"parameters\": {…}}: other tools are OpenAI's own.");
                return tools;
            }

            var inside = members.Inside(tool, path);
            tools.Add(new ToolDefinition(
                inside.RequiredText("name", 1, 64, "what the function is called") ?? "",
                inside.Text("description", 0, Limits.MaxSystemCharacters),
                inside.Any("parameters") is { ValueKind: JsonValueKind.Object } parameters ? parameters.GetRawText() : null)
            {
                Strict = inside.Flag("strict") ?? false,
            });
        }

        return tools;
    }

    public static ToolChoice ReadChoice(JsonMembers members)
    {
        switch (members.Any("tool_choice"))
        {
            case null:
            case { ValueKind: JsonValueKind.String } auto when auto.ValueEquals("auto"):
                return ToolChoice.Auto;
            case { ValueKind: JsonValueKind.String } none when none.ValueEquals("none"):
                return ToolChoice.None;
            case { ValueKind: JsonValueKind.String } required when required.ValueEquals("required"):
                return ToolChoice.Required;
            case { ValueKind: JsonValueKind.Object } choice when members.Inside(choice, "tool_choice") is var inside:
                return inside.Text("type", 1, 64) switch
                {
                    "function" => ToolChoice.Named(inside.RequiredText("name", 1, 64, "which function") ?? ""),
                    "allowed_tools" => Allowed(inside),
                    _ => Wrong(members),
                };
            default:
                return Wrong(members);
        }
    }

    private static ToolChoice Allowed(JsonMembers choice)
    {
        var names = choice.Any("tools") is { ValueKind: JsonValueKind.Array } tools
            ? tools.EnumerateArray().Select((tool, index) => tool.ValueKind == JsonValueKind.Object ? choice.Inside(tool, $"tools[{index}]").RequiredText("name", 1, 64, "which function") ?? "" : "").ToList()
            : [];
        return new ToolChoice(choice.Text("mode", 1, 16) == "required" ? ToolChoiceMode.Required : ToolChoiceMode.Auto, names);
    }

    private static ToolChoice Wrong(JsonMembers members)
    {
        members.Wrong("tool_choice", "must be \"auto\", \"none\", \"required\", {\"type\": \"function\", \"name\": …} or {\"type\": \"allowed_tools\", …}.");
        return ToolChoice.Auto;
    }
}
