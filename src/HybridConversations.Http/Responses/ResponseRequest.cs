using System.Text.Json.Nodes;
using HybridConversations.Http.Items;

namespace HybridConversations.Http.Responses;

/// <summary>What a client of the Responses API asked for.</summary>
internal sealed record ResponseRequest
{
    /// <summary>What it asks of a turn: all but its id, its words and what came before.</summary>
    public required Turn Turn { get; init; }

    /// <summary>The new input, one message for each item.</summary>
    public required IReadOnlyList<InputItem> Input { get; init; }

    /// <summary>The response that this one goes on from.</summary>
    public string? PreviousId { get; init; }

    /// <summary>The conversation that it belongs to.</summary>
    public string? ConversationId { get; init; }

    public bool Stream { get; init; }

    /// <summary>It goes on whether its client stays or leaves.</summary>
    public bool Background { get; init; }

    /// <summary>Keep it for <c>previous_response_id</c> and for reading.</summary>
    public bool Store { get; init; } = true;

    /// <summary>Members of the request that the response repeats.</summary>
    public required JsonObject Echo { get; init; }
}

/// <summary>An item of the input.</summary>
/// <param name="Message">As models read it; null where it is named by its id only.</param>
/// <param name="Reference">The item that is meant, where it is named by its id.</param>
internal sealed record InputItem(ChatMessage? Message, ItemId? Reference = null);
