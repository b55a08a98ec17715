using HybridConversations.Storage;

namespace HybridConversations.Conversations;

/// <summary>Writes to the log, with a limit in time. A write is never given up because its caller has left.</summary>
internal sealed class TurnStore(IConversationLog log, ConversationServices services)
{
    private TimeSpan Limit => services.Options.StoreTimeout;

    public Task Append(TurnRecord turn, ConversationHead head) => Bounded(log.Append(turn, head, CancellationToken.None));

    public Task Update(TurnRecord turn, ConversationHead head) => Bounded(log.Update(turn, head, CancellationToken.None));

    public Task Erase(TurnRecord turn, ConversationHead head) => Bounded(log.Erase(turn, head, CancellationToken.None));

    public Task WriteHead(ConversationHead head) => Bounded(log.WriteHead(head, CancellationToken.None));

    public Task Begin(IReadOnlyList<TurnRecord> turns, ConversationHead head) => Bounded(log.Begin(turns, head, CancellationToken.None));

    public async Task<bool> Delete()
    {
        var delete = log.Delete(CancellationToken.None);
        await Bounded(delete);
        return await delete;
    }

    private async Task Bounded(Task write)
    {
        try
        {
            await write.WaitAsync(Limit, services.Time);
        }
        catch (TimeoutException error)
        {
            throw new ProblemException(
                ProblemCodes.Unstored($"A write took longer than {Limit.TotalSeconds:0} s. Check the load and the health of the disk, then send the same turn again.", retryAfterMs: 5000), error);
        }
    }
}
