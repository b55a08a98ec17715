using HybridConversations.Storage;

namespace HybridConversations.Conversations;

/// <content>How a conversation is forgotten: what devices must forget goes on record first, then the history goes, then the devices are told.</content>
public sealed partial class Conversation
{
    /// <inheritdoc/>
    public async Task<Deletion?> Forget(CancellationToken cancellationToken = default)
    {
        var operation = new object();
        await _gate.Enter(operation, new StopRequest(StopReason.Deleted), cancellationToken);
        try
        {
            return await Forget(await _log.ReadHead(cancellationToken));
        }
        finally
        {
            _gate.Leave(operation);
        }
    }

    /// <summary>Forgets the conversation where no turn runs and nobody has used it since <paramref name="before"/>.</summary>
    /// <returns>Null when it was kept, or there was none.</returns>
    public async Task<Deletion?> ForgetUnused(DateTimeOffset before, CancellationToken cancellationToken = default)
    {
        var operation = new object();
        if (!await _gate.TryEnter(operation, cancellationToken))
        {
            return null;
        }

        try
        {
            var head = await _log.ReadHead(cancellationToken);
            return head is null || head.UpdatedAt >= before ? null : await Forget(head);
        }
        finally
        {
            _gate.Leave(operation);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> Delete(CancellationToken cancellationToken = default) => await Forget(cancellationToken) is not null;

    /// <summary>Only for who holds the gate.</summary>
    private async Task<Deletion?> Forget(ConversationHead? head)
    {
        _state = null;
        var devices = await _services.Memories.Owe(head ?? new ConversationHead { Id = _id });
        var existed = await _store.Delete();
        var deletion = await _services.Memories.Settle(_id, devices);
        return existed ? deletion : null;
    }
}
