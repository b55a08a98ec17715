namespace HybridConversations;

/// <summary>Whether the model calls a function.</summary>
public enum ToolChoiceMode
{
    /// <summary>The model decides.</summary>
    Auto,

    /// <summary>It does not.</summary>
    None,

    /// <summary>It calls at least one.</summary>
    Required,
}

/// <summary>Whether the model calls a function, and which.</summary>
/// <param name="Mode">Whether.</param>
/// <param name="Allowed">Names of the functions that it may call; null for all.</param>
public sealed record ToolChoice(ToolChoiceMode Mode = ToolChoiceMode.Auto, IReadOnlyList<string>? Allowed = null)
{
    /// <summary>The model decides.</summary>
    public static readonly ToolChoice Auto = new();

    /// <summary>No call.</summary>
    public static readonly ToolChoice None = new(ToolChoiceMode.None);

    /// <summary>At least one call.</summary>
    public static readonly ToolChoice Required = new(ToolChoiceMode.Required);

    /// <summary>Calls this one.</summary>
    public static ToolChoice Named(string name) => new(ToolChoiceMode.Required, [name]);
}
