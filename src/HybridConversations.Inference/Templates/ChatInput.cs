namespace HybridConversations.Inference.Templates;

/// <summary>What a chat template makes a prompt of.</summary>
/// <param name="Messages">Oldest first. An assistant's message without calls at the end is continued.</param>
public sealed record ChatInput(IReadOnlyList<ChatMessage> Messages)
{
    /// <summary>Functions that the model may call.</summary>
    public IReadOnlyList<ToolDefinition> Tools { get; init; } = [];

    /// <summary>The time in the prompt.</summary>
    public DateTimeOffset Date { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>Think before the answer? Null: as the template has it.</summary>
    public bool? Thinking { get; init; }

    /// <summary>How hard, in the words of OpenAI's API. Null: as the template has it.</summary>
    public string? Effort { get; init; }

    /// <summary>More variables for the template, as a JSON object; they come before those named here.</summary>
    public string? Variables { get; init; }
}
