namespace HybridConversations.Http.Responses;

/// <summary>The newest response of a connection that was not stored: it may be gone on from as long as the connection stands.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Messages">Everything said up to its end, without instructions.</param>
internal sealed record PassingThread(string Id, IReadOnlyList<ChatMessage> Messages);
