using System.Text.Json;

namespace HybridConversations.Client.Wire;

/// <summary>A function in the body of a turn. A server also takes it as OpenAI's chat format has it, inside <c>{"type": "function", "function": {…}}</c>.</summary>
public sealed record ToolBody
{
    /// <inheritdoc cref="ToolDefinition(string, string?, string?)"/>
    public required string Name { get; init; }

    /// <summary>What it does, in words for the model.</summary>
    public string? Description { get; init; }

    /// <summary>JSON schema of its arguments, an object.</summary>
    public JsonElement? Parameters { get; init; }

    /// <inheritdoc cref="ToolDefinition.Strict"/>
    public bool? Strict { get; init; }

    /// <summary>The body of <paramref name="tool"/>.</summary>
    public static ToolBody Of(ToolDefinition tool)
    {
        ArgumentNullException.ThrowIfNull(tool);
        return new ToolBody
        {
            Name = tool.Name,
            Description = tool.Description,
            Parameters = tool.Parameters is { } parameters ? JsonDocument.Parse(parameters).RootElement : null,
            Strict = tool.Strict ? true : null,
        };
    }
}
