using HybridConversations.Conversations.Forgetting;
using HybridConversations.Orleans.Contracts;
using HybridConversations.Orleans.Storage;

namespace HybridConversations.Orleans.Grains;

/// <summary>
/// Conversations of the fleet that nobody has used for long. One that is in some silo's memory is asked to forget itself; any other is forgotten where it is
/// stored: the tag of its record lets only one win, this or whoever begins to use it at that moment.
/// </summary>
internal sealed class FleetUnused(ConversationHost host, IConversationIndex index, IGrainFactory grains) : IUnusedConversations
{
    public Task<IReadOnlyList<string>> UnusedSince(DateTimeOffset before, int skip, int limit) => index.UnusedSince(before, skip, limit);

    public async Task<bool> ForgetUnused(string conversationId, DateTimeOffset before)
    {
        var grain = grains.GetGrain<IConversationGrain>(conversationId);
        if (await grains.GetGrain<IManagementGrain>(0).GetActivationAddress(grain) is not null)
        {
            try
            {
                return await grain.ForgetUnused(before) is not null;
            }
            catch (TypeLoadException)
            {
                return false; // its silo is of the release before, and has no such call: it is kept until that is upgraded, or lets go of it
            }
        }

        var log = host.OpenLog(conversationId, grain.GetGrainId(), () => { });
        if (await log.ReadHead() is null)
        {
            await index.Remove(conversationId); // the list knew more than the storage
            return true;
        }

        return await host.Open(conversationId, log).ForgetUnused(before) is not null;
    }
}
