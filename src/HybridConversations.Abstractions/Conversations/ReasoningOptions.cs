namespace HybridConversations;

/// <summary>How much a model that can thinks before it answers. Null means: as the model's template has it.</summary>
public sealed record ReasoningOptions
{
    /// <summary>Words for <see cref="Effort"/>.</summary>
    public static readonly IReadOnlyList<string> Efforts = ["none", "minimal", "low", "medium", "high"];

    /// <summary>Think at all?</summary>
    public bool? Enabled { get; init; }

    /// <summary>How hard, in the words of OpenAI's API: <c>none</c>, <c>minimal</c>, <c>low</c>, <c>medium</c>, <c>high</c>.</summary>
    public string? Effort { get; init; }

    /// <summary>Tokens of a thought at most, from 0; then it is closed and the answer begins.</summary>
    public int? BudgetTokens { get; init; }
}
