using HybridConversations.Storage;

namespace HybridConversations.Conversations;

/// <content>How a conversation is forgotten: what devices must forget goes on record first, then the history goes, then the devices are told.</content>
public sealed partial class Conversation
{
    public Task<Deletion?> Forget(CancellationToken cancellationToken = default) => Forget(null, new StopRequest(StopReason.Deleted), cancellationToken);

    /// <summary>Forgets the conversation where no turn runs and nobody has used it since <paramref name="before"/>.</summary>
    /// <returns>Null when it was kept, or there was none.</returns>
    public async Task<Deletion?> ForgetUnused(DateTimeOffset before, CancellationToken cancellationToken = default)
    {
        try
        {
            return await Forget(before, null, cancellationToken);
        }
        catch (ProblemException busy) when (busy.Problem.Code == ProblemCodes.TurnInProgress)
        {
            return null;
        }
    }

    public async Task<bool> Delete(CancellationToken cancellationToken = default) => await Forget(cancellationToken) is not null;

    private async Task<Deletion?> Forget(DateTimeOffset? before, StopRequest? stop, CancellationToken cancellationToken)
    {
        var operation = new object();
        await _gate.Enter(operation, _ => stop, cancellationToken);
        try
        {
            var head = await _log.ReadHead(cancellationToken);
            if (before is { } since && (head is null || head.UpdatedAt >= since))
            {
                return null;
            }

            _state = null;
            var devices = await _services.Memories.Owe(head ?? new ConversationHead { Id = _id });
            var existed = await _store.Delete();
            var deletion = await _services.Memories.Settle(_id, devices);
            return existed ? deletion : null;
        }
        finally
        {
            _gate.Leave(operation);
        }
    }
}
