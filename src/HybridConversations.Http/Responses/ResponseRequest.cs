using System.Text.Json.Nodes;

namespace HybridConversations.Http.Responses;

/// <summary>What a client of the Responses API asked for.</summary>
internal sealed record ResponseRequest
{
    /// <summary>What the device is asked, without what came before.</summary>
    public required DeviceRequest Device { get; init; }

    /// <summary>The new input, as messages.</summary>
    public required IReadOnlyList<ChatMessage> Input { get; init; }

    /// <summary>The new input, as items that can be read back.</summary>
    public required JsonArray InputItems { get; init; }

    /// <summary>A system prompt for this response only: it is not handed on to the next.</summary>
    public string? Instructions { get; init; }

    /// <summary>The response that this one goes on from.</summary>
    public string? PreviousId { get; init; }

    public bool Stream { get; init; }

    /// <summary>Keep it for <c>previous_response_id</c> and for reading.</summary>
    public bool Store { get; init; } = true;

    /// <summary>Members of the request that the response repeats.</summary>
    public required JsonObject Echo { get; init; }
}
