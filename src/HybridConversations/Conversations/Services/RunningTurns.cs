namespace HybridConversations.Conversations;

/// <summary>Counts the turns that run in a host's conversations, for whoever lets them end before the host does. Thread-safe.</summary>
public sealed class RunningTurns
{
    private int _count;

    /// <summary>Turns that have begun and are not stored as ended yet.</summary>
    public int Count => Volatile.Read(ref _count);

    internal void Begin() => Interlocked.Increment(ref _count);

    internal void End() => Interlocked.Decrement(ref _count);
}
