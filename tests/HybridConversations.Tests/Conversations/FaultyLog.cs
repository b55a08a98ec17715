using HybridConversations.Storage;

namespace HybridConversations.Tests.Conversations;

/// <summary>A log that a test can make wait or fail, and that tells what was written in which order.</summary>
internal sealed class FaultyLog(IConversationLog inner) : IConversationLog
{
    /// <summary>Runs before each append and update; may wait or throw.</summary>
    public Func<TurnRecord, Task> BeforeWrite { get; set; } = _ => Task.CompletedTask;

    /// <summary>Turns read so far.</summary>
    public int TurnsRead { get; private set; }

    public Task<ConversationHead?> ReadHead(CancellationToken cancellationToken = default) => inner.ReadHead(cancellationToken);

    public async Task<IReadOnlyList<TurnRecord>> ReadTurns(long after, int limit, CancellationToken cancellationToken = default)
    {
        var turns = await inner.ReadTurns(after, limit, cancellationToken);
        TurnsRead += turns.Count;
        return turns;
    }

    public Task<TurnRecord?> FindTurn(string turnId, CancellationToken cancellationToken = default) => inner.FindTurn(turnId, cancellationToken);

    public async Task Append(TurnRecord turn, ConversationHead head, CancellationToken cancellationToken = default)
    {
        await BeforeWrite(turn);
        await inner.Append(turn, head, cancellationToken);
    }

    public async Task Update(TurnRecord turn, ConversationHead head, CancellationToken cancellationToken = default)
    {
        await BeforeWrite(turn);
        await inner.Update(turn, head, cancellationToken);
    }

    public async Task Erase(TurnRecord turn, ConversationHead head, CancellationToken cancellationToken = default)
    {
        await BeforeWrite(turn);
        await inner.Erase(turn, head, cancellationToken);
    }

    public Task WriteHead(ConversationHead head, CancellationToken cancellationToken = default) => inner.WriteHead(head, cancellationToken);

    public Task Begin(IReadOnlyList<TurnRecord> turns, ConversationHead head, CancellationToken cancellationToken = default) => inner.Begin(turns, head, cancellationToken);

    public Task<bool> Delete(CancellationToken cancellationToken = default) => inner.Delete(cancellationToken);
}
