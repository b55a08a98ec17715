namespace HybridConversations;

/// <summary>What is on record of a conversation, for doors that keep more there than what is said in turns. Thread-safe.</summary>
public interface IConversationRecord
{
    /// <summary>A turn by its id, however old. Never waits behind inference. Null when there is none, or no such conversation.</summary>
    Task<TurnRecord?> Find(string turnId, CancellationToken cancellationToken = default);

    /// <summary>Changes the record, all or nothing, and durable when the task completes. Sent again it does nothing more.</summary>
    /// <returns>False when there was nothing to change: no such conversation or turn, or one that exists already.</returns>
    /// <exception cref="ProblemException"><c>turn-in-progress</c>: a turn runs. <c>invalid-request</c>: too much of something.</exception>
    Task<bool> Change(ConversationChange change, CancellationToken cancellationToken = default);
}
