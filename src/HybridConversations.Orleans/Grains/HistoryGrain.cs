using HybridConversations.Conversations;
using HybridConversations.Orleans.Storage;
using Orleans.Concurrency;

namespace HybridConversations.Orleans.Grains;

/// <summary>Reads on the silo that was asked.</summary>
[GrainType("history")]
[StatelessWorker]
[Reentrant]
internal sealed class HistoryGrain(ConversationHost host, IGrainFactory grains) : Grain, IHistoryGrain
{
    public async Task<ConversationPage?> Read(string conversationId, long after, int limit, CancellationToken cancellationToken = default)
    {
        IndexCursor.CheckLimit(limit);
        if (Conversation.CheckId(conversationId) is { } invalid)
        {
            throw new ProblemException(invalid);
        }

        // The id of a grain; calling it would activate it.
        var log = host.LookInto(conversationId, grains.GetGrain<IConversationGrain>(conversationId).GetGrainId());
        if (await log.ReadHead(cancellationToken) is not { } head)
        {
            return null;
        }

        var turns = await log.ReadTurns(after, limit + 1, cancellationToken);
        var shown = turns.Take(limit).ToList();
        return new ConversationPage(conversationId, head.System, shown, turns.Count > limit ? shown[^1].Sequence : null);
    }
}
