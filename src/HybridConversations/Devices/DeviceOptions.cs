namespace HybridConversations.Devices;

/// <summary>Options of one device.</summary>
public sealed record DeviceOptions
{
    /// <summary>Its name in the fleet.</summary>
    public required string DeviceId { get; init; }

    /// <summary>As clients ask for the model; null: the name in the file.</summary>
    public string? ModelName { get; init; }

    /// <summary>Null: by the model's hash.</summary>
    public ModelDefaults? Defaults { get; init; }

    /// <summary>Tokens a conversation may hold, prompt and reply; 0: half of the KV memory, at least 1,024, at most what the engine takes.</summary>
    public int ConversationTokens { get; init; }

    /// <summary>Where the machine's <c>sys</c>, <c>proc</c>, <c>etc</c> and <c>var</c> are, from which its sensors are read.</summary>
    public string SystemRoot { get; init; } = "/";

    /// <summary>Milliseconds within which the first token of a reply that somebody waits for should be there; what is counted as in time.</summary>
    public int FirstTokenTargetMs { get; init; } = 1000;
}
