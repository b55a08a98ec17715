using System.Text.Json.Nodes;
using HybridConversations.Http.Items;

namespace HybridConversations.Http.Responses;

/// <summary>Where the reply of a response comes from: a stored conversation, or a device that keeps nothing.</summary>
internal interface IReplySource
{
    /// <summary>Known before the first event.</summary>
    ResponseId Id { get; }

    /// <summary>What the request decides of the response.</summary>
    JsonObject Frame { get; }

    /// <summary>The reply. What is refused before its first event is thrown, or told as <see cref="ReplyFailed"/>.</summary>
    IAsyncEnumerable<ReplyEvent> Events(CancellationToken cancellationToken);

    /// <summary>A barge-in. False where nothing runs that could be ended so: then cancelling ends it.</summary>
    /// <param name="heard">What the listener heard; null: everything that was sent.</param>
    Task<bool> Interrupt(string? heard);
}
