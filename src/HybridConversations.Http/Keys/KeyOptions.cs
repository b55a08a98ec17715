namespace HybridConversations.Http.Keys;

/// <summary>Who is let in.</summary>
public sealed record KeyOptions
{
    /// <summary>The file of keys, which is looked at again when it changes; null for none.</summary>
    public string? File { get; init; }

    /// <summary>Keys from the environment.</summary>
    public IReadOnlyList<ApiKey> Fixed { get; init; } = [];

    /// <summary>
    /// Nobody is let in without a key, also while there is none: for a server that others than its own machine reach. Otherwise keys are asked for as soon as there is one.
    /// </summary>
    public bool Required { get; init; }

    /// <summary>Requests a minute of each tenant; null for no limit.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Tokens a minute of each tenant, read and written; null for no limit.</summary>
    public int? TokensPerMinute { get; init; }
}
