namespace HybridConversations;

/// <summary>A function that the model may ask its caller to run.</summary>
/// <param name="Name">1 to 64 letters, digits, <c>_</c> and <c>-</c>.</param>
/// <param name="Description">What it does, in words for the model.</param>
/// <param name="Parameters">JSON schema of its arguments, an object, as JSON text; null for none.</param>
public sealed record ToolDefinition(string Name, string? Description = null, string? Parameters = null)
{
    /// <summary>Refuse a schema that cannot be enforced, instead of taking any object.</summary>
    public bool Strict { get; init; }
}
