namespace HybridConversations.Conversations;

/// <summary>What functions, choices among them and results from outside must be like.</summary>
internal static class ToolRules
{
    public static IEnumerable<string> Check(IReadOnlyList<ToolDefinition> tools)
    {
        if (tools.Count > Limits.MaxTools)
        {
            yield return $"tools has {tools.Count} functions; at most {Limits.MaxTools} are allowed.";
            yield break;
        }

        var size = tools.Sum(tool => (long)(tool?.Name?.Length ?? 0) + (tool?.Description?.Length ?? 0) + (tool?.Parameters?.Length ?? 0));
        if (size > Limits.MaxToolsCharacters)
        {
            yield return $"tools has {size:N0} characters in all names, descriptions and parameters; at most {Limits.MaxToolsCharacters:N0} are allowed.";
            yield break;
        }

        for (var i = 0; i < tools.Count; i++)
        {
            foreach (var error in Check(tools[i], $"tools[{i}]"))
            {
                yield return error;
            }
        }

        foreach (var twice in tools.OfType<ToolDefinition>().GroupBy(tool => tool.Name, StringComparer.Ordinal).Where(same => same.Key is not null && same.Count() > 1))
        {
            yield return $"tools holds two functions named '{twice.Key}'.";
        }
    }

    /// <summary>A choice among the functions that the conversation has.</summary>
    public static IEnumerable<string> Check(ToolChoice choice, IReadOnlyList<ToolDefinition> tools)
    {
        if (!Enum.IsDefined(choice.Mode))
        {
            yield return $"toolChoice is {choice.Mode}; it must be auto, none or required.";
        }

        foreach (var name in choice.Allowed?.Where(name => tools.All(tool => tool.Name != name)) ?? [])
        {
            yield return $"toolChoice names '{name}', which is none of the conversation's tools ({string.Join(", ", tools.Select(tool => tool.Name).DefaultIfEmpty("it has none"))}).";
        }

        if (choice.Mode == ToolChoiceMode.Required && (tools.Count == 0 || choice.Allowed is { Count: 0 }))
        {
            yield return "toolChoice asks for a call, and there are no tools that may be called.";
        }
    }

    public static IEnumerable<string> Check(IReadOnlyList<ToolResult> results)
    {
        if (results.Count > Limits.MaxToolResults)
        {
            yield return $"toolResults has {results.Count} results; at most {Limits.MaxToolResults} are allowed.";
            yield break;
        }

        var size = results.Sum(result => (long)(result?.Content?.Length ?? 0));
        if (size > Limits.MaxToolResultCharacters)
        {
            yield return $"toolResults has {size:N0} characters in all contents; at most {Limits.MaxToolResultCharacters:N0} are allowed. Send what the model needs of them.";
            yield break;
        }

        for (var i = 0; i < results.Count; i++)
        {
            var errors = results[i] is { } result
                ? TextRules.CheckId($"toolResults[{i}].callId", result.CallId, inPath: false)
                    .Concat(result.Content is null ? [$"toolResults[{i}].content is missing."] : TextRules.Check($"toolResults[{i}].content", result.Content, Limits.MaxToolResultCharacters))
                : [$"toolResults[{i}] is null."];
            foreach (var error in errors)
            {
                yield return error;
            }
        }

        foreach (var twice in results.OfType<ToolResult>().GroupBy(result => result.CallId, StringComparer.Ordinal).Where(same => same.Key is not null && same.Count() > 1))
        {
            yield return $"toolResults answers call '{twice.Key}' twice.";
        }
    }

    private static List<string> Check(ToolDefinition? tool, string at)
    {
        if (tool is null)
        {
            return [$"{at} is null."];
        }

        var errors = new List<string>();
        if (tool.Name is not { Length: >= 1 and <= Limits.MaxToolNameCharacters } name || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.'))
        {
            errors.Add($"{at}.name must have 1 to {Limits.MaxToolNameCharacters} letters, digits, '_', '-' or '.'.");
        }

        errors.AddRange(tool.Description is null ? [] : TextRules.Check($"{at}.description", tool.Description, Limits.MaxToolsCharacters));
        if (tool.Parameters is not null && !JsonObjectText.IsValid(tool.Parameters))
        {
            errors.Add($"{at}.parameters must be a JSON schema, an object.");
        }

        return errors;
    }
}
