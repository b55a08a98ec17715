namespace HybridConversations.Inference.Templates.Fitting;

/// <summary>A conversation in a form that a template can write.</summary>
internal sealed record FittedInput(IReadOnlyList<ChatMessage> Messages, IReadOnlyList<ToolDefinition> Tools)
{
    public bool? Thinking { get; init; }

    public string? Effort { get; init; }

    public string? Variables { get; init; }

    /// <summary>Arguments of calls as JSON text instead of as a mapping.</summary>
    public bool ArgumentsAsText { get; init; }

    /// <summary>Open the assistant's next message?</summary>
    public bool AddsReply { get; init; } = true;
}
