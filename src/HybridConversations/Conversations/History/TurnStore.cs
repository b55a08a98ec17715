using HybridConversations.Storage;

namespace HybridConversations.Conversations;

/// <summary>Writes to the log, with a limit in time. A write is never given up because its caller has left.</summary>
internal sealed class TurnStore(IConversationLog log, ConversationServices services)
{
    private TimeSpan Limit => services.Options.StoreTimeout;

    public Task Append(TurnRecord turn, ConversationHead head) => Bounded(log.Append(turn, head, CancellationToken.None));

    public Task Update(TurnRecord turn, ConversationHead head) => Bounded(log.Update(turn, head, CancellationToken.None));

    /// <summary>Of any turn, however old; what was erased of it is found in no file afterwards.</summary>
    public Task Rewrite(TurnRecord turn, ConversationHead head) => Bounded(log.Erase(turn, head, CancellationToken.None));

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
            throw new ProblemException(TurnProblems.StoreTooSlow(Limit), error);
        }
    }
}
