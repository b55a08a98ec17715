namespace HybridConversations;

/// <summary>One conversation: owns its history, its route state and the reference to its KV state. Thread-safe.</summary>
public interface IConversation
{
    /// <summary>
    /// Answers a turn. The user's words are durable before inference starts, the reply before <see cref="ReplyCompleted"/>.
    /// Every outcome is an event, also a refusal (<see cref="ReplyFailed"/>); cancelling frees the device within one step and keeps what was delivered.
    /// </summary>
    IAsyncEnumerable<ReplyEvent> Say(Turn turn, CancellationToken cancellationToken = default);

    /// <summary>Ends the running turn, if any. The history keeps <paramref name="heard"/>, or what was delivered where it is null.</summary>
    Task<InterruptResult> Interrupt(string? heard, CancellationToken cancellationToken = default);

    /// <summary>Reads ahead what a person is still saying; a later draft replaces an earlier one, an empty one takes it back.</summary>
    Task Listen(SpokenDraft draft, CancellationToken cancellationToken = default);

    /// <summary>A page of the history, oldest first. Never waits behind inference. Null when the conversation does not exist.</summary>
    Task<ConversationPage?> Read(long after, int limit, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends a running turn and forgets the conversation: its history, its place in lists, and what devices hold of it. Null when there was no history; what
    /// devices hold of a mere draft is forgotten all the same. May be called again.
    /// </summary>
    Task<Deletion?> Forget(CancellationToken cancellationToken = default);

    /// <summary><see cref="Forget"/> without its account, as releases before call it. False when there was nothing.</summary>
    Task<bool> Delete(CancellationToken cancellationToken = default);
}

/// <summary>What has been recognised so far of a turn that is still being spoken.</summary>
/// <param name="Text">All of it, not only what is new; empty takes it back.</param>
/// <param name="Speculate">Begin the reply too; the turn adopts it when its text is the same.</param>
/// <param name="System">System prompt, for a conversation without a turn yet.</param>
public sealed record SpokenDraft(string Text, bool Speculate = false, string? System = null);

/// <param name="TurnId">The turn that was ended; null when none ran.</param>
/// <param name="Reply">What the history keeps of its reply.</param>
public sealed record InterruptResult(string? TurnId, string? Reply);
