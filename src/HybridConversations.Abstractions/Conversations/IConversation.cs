namespace HybridConversations;

/// <summary>One conversation: owns its history, its route state and the reference to its KV state. Thread-safe.</summary>
public interface IConversation
{
    /// <summary>
    /// Answers a turn. The user's words are durable before inference starts, the reply before <see cref="ReplyCompleted"/>.
    /// Every outcome is an event, also a refusal (<see cref="ReplyFailed"/>); cancelling frees the device within one step and keeps what was delivered.
    /// </summary>
    IAsyncEnumerable<ReplyEvent> Say(Turn turn, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends the turn that runs now; where none does and something was <paramref name="heard"/>, cuts the last one. The history keeps <paramref name="heard"/>, or what
    /// was delivered where it is null. Whoever knows the turn's id names it (<see cref="InterruptTurn"/>): this one ends whatever runs when it arrives.
    /// </summary>
    Task<InterruptResult> Interrupt(string? heard, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends this turn if it runs or waits to; where it has ended and is the last, cuts it to what was <paramref name="heard"/>; never touches another. May be sent
    /// again: it does nothing more.
    /// </summary>
    /// <exception cref="ProblemException"><c>not-found</c>: there is no such turn.</exception>
    Task<InterruptResult> InterruptTurn(string turnId, string? heard, CancellationToken cancellationToken = default);

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

/// <param name="TurnId">The turn that was meant; null when none ran.</param>
/// <param name="Reply">What the history keeps of its reply.</param>
/// <param name="Outcome">What was done.</param>
public sealed record InterruptResult(string? TurnId, string? Reply, InterruptOutcome Outcome = InterruptOutcome.Nothing);

/// <summary>What an interrupt did.</summary>
public enum InterruptOutcome
{
    /// <summary>No turn ran.</summary>
    Nothing,

    /// <summary>The turn ran, and was ended by this call.</summary>
    Stopped,

    /// <summary>The turn had ended; its reply was cut to what was heard.</summary>
    Cut,

    /// <summary>The turn had ended, and its reply is no longer than what was heard.</summary>
    Unchanged,

    /// <summary>The turn had ended and another one has come since: its reply stays as it is.</summary>
    TooLate,
}
