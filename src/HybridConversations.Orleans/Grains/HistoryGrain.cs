using HybridConversations.Conversations;
using HybridConversations.Orleans.Contracts;
using HybridConversations.Storage;
using Orleans.Concurrency;

namespace HybridConversations.Orleans.Grains;

/// <summary>Reads on the silo that was asked.</summary>
[GrainType("history")]
[StatelessWorker]
[Reentrant]
internal sealed class HistoryGrain(ConversationHost host, IGrainFactory grains, IClusterMembershipService membership) : Grain, IHistoryGrain
{
    public async Task<ConversationPage?> Read(string conversationId, long after, int limit, CancellationToken cancellationToken = default)
    {
        PageLimit.Check(limit);
        if (Conversation.CheckId(conversationId) is { } invalid)
        {
            throw new ProblemException(invalid);
        }

        // Calling it would activate it; its id does not.
        var conversation = grains.GetGrain<IConversationGrain>(conversationId);
        var log = host.LookInto(conversationId, conversation.GetGrainId());
        if (await log.ReadHead(cancellationToken) is not { } head)
        {
            return null;
        }

        var turns = await log.ReadTurns(after, limit + 1, cancellationToken);
        var shown = turns.Take(limit).ToList();
        if (shown.Exists(turn => turn.State == TurnState.Running))
        {
            if (await IsAwake(conversation))
            {
                // It knows what it runs.
                return await conversation.Read(after, limit, cancellationToken);
            }

            shown = shown.ConvertAll(turn => turn.State == TurnState.Running ? Conversation.CutOff(turn) : turn);
        }

        return Conversation.PageOf(head, shown, turns.Count > limit ? shown[^1].Sequence : null);
    }

    /// <summary>True when a silo that lives hosts it.</summary>
    private async ValueTask<bool> IsAwake(IConversationGrain conversation) =>
        await grains.GetGrain<IManagementGrain>(0).GetActivationAddress(conversation) is { } silo && !membership.CurrentSnapshot.GetSiloStatus(silo).IsTerminating();
}
