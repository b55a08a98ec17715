using System.Text.Json.Serialization;

namespace HybridConversations.Bench.Http;

/// <summary>What a server can do beyond OpenAI's API.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TargetKind>))]
public enum TargetKind
{
    /// <summary>Nothing that is known here.</summary>
    [JsonStringEnumMemberName("openai")]
    OpenAi,

    /// <summary>llama-server: slots that are saved to and restored from files.</summary>
    [JsonStringEnumMemberName("llama-server")]
    LlamaServer,

    /// <summary><c>hc serve</c>: conversations, listening, barge-in, the fleet.</summary>
    [JsonStringEnumMemberName("hybrid-conversations")]
    HybridConversations,
}

/// <summary>A server under test and what was found out about it.</summary>
internal sealed record Target(Endpoint Endpoint, TargetKind Kind, string Model)
{
    public string Label => Endpoint.Label;

    /// <summary>Version, where the server tells it.</summary>
    public string? Build { get; init; }

    /// <summary>Slots of llama-server.</summary>
    public int? Slots { get; init; }

    /// <summary>Does it take members that OpenAI's API does not have (<c>ignore_eos</c>, <c>priority</c>)?</summary>
    public bool TakesExtensions { get; init; } = true;

    /// <summary>Sampling temperature to ask for.</summary>
    public double Temperature { get; init; }

    /// <summary>Does it hold conversations, with <c>listen</c> and <c>interrupt</c>?</summary>
    public bool HasConversations => Kind == TargetKind.HybridConversations;
}
