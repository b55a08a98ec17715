namespace HybridConversations.Http.Requests;

/// <summary>A function that the model may call, as OpenAI, Ollama and our own turns describe it.</summary>
internal static class FunctionTools
{
    /// <summary>Null where it has no name.</summary>
    /// <param name="function">The object with <c>name</c>, <c>description</c>, <c>parameters</c> and <c>strict</c>.</param>
    public static ToolDefinition? Read(JsonMembers function)
    {
        var name = function.RequiredText("name", 1, Limits.MaxToolNameCharacters, "how the model calls it");
        if (name is not null && !name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.'))
        {
            function.Wrong("name", "may hold letters, digits, '_', '-' and '.'.");
        }

        var parameters = function.Any("parameters");
        if (parameters is { ValueKind: not System.Text.Json.JsonValueKind.Object })
        {
            function.Wrong("parameters", "must be a JSON schema, an object.");
        }

        return name is null ? null
            : new ToolDefinition(name, function.Text("description", 0, Limits.MaxToolsCharacters), parameters?.GetRawText()) { Strict = function.Flag("strict") ?? false };
    }

    /// <summary>Refuses two functions of one name.</summary>
    public static IReadOnlyList<ToolDefinition> Distinct(JsonMembers members, IReadOnlyList<ToolDefinition> tools)
    {
        if (tools.GroupBy(tool => tool.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            members.Wrong("tools", $"holds two functions named '{twice.Key}'.");
        }

        return tools;
    }
}
