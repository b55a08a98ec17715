using System.Runtime.CompilerServices;
using HybridConversations.Conversations;
using HybridConversations.Orleans.Contracts;
using HybridConversations.Orleans.Fleet;
using HybridConversations.Orleans.Placement;
using HybridConversations.Orleans.Storage;
using Orleans.Concurrency;
using Orleans.Runtime.Placement;

namespace HybridConversations.Orleans.Grains;

/// <summary>
/// Hosts one <see cref="Conversation"/>, which knows all the rules. Reentrant: the conversation has a gate of its own, and a barge-in must not wait behind a turn.
/// After a turn it follows its KV state to another device.
/// </summary>
[GrainType("conversation")]
[Reentrant]
[BesideKv]
internal sealed class ConversationGrain(ConversationHost host) : Grain, IConversationGrain
{
    private Problem? _invalid;
    private Conversation _conversation = null!;
    private GrainConversationLog _log = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var id = this.GetPrimaryKeyString();
        _invalid = Conversation.CheckId(id);
        _log = host.OpenLog(id, this.GetGrainId(), DeactivateOnIdle);
        _conversation = host.Open(id, _log);
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        try
        {
            await _conversation.Stop(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The turn is on record as running; whoever reads it next sees that it was cut off.
        }
    }

    public async IAsyncEnumerable<ReplyEvent> Say(Turn turn, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (_invalid is not null)
        {
            yield return new ReplyFailed(turn.TurnId, _invalid);
            yield break;
        }

        if (host.Leaves && _conversation.IsIdle)
        {
            // Moved, not only ended: whoever knows its address would have it here again.
            this.MigrateOnIdle();
            yield return new ReplyFailed(turn.TurnId, ClusterProblems.SiloLeaves(this.GetPrimaryKeyString()));
            yield break;
        }

        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, host.Gone(CallerSilo.Current));
        try
        {
            await foreach (var e in _conversation.Say(turn, left.Token))
            {
                yield return e;
            }
        }
        finally
        {
            FollowKv();
        }
    }

    public Task<InterruptResult> Interrupt(string? heard, CancellationToken cancellationToken = default) => Valid().Interrupt(heard, cancellationToken);

    public Task<InterruptResult> InterruptTurn(string turnId, string? heard, CancellationToken cancellationToken = default) =>
        Valid().InterruptTurn(turnId, heard, cancellationToken);

    public Task Listen(SpokenDraft draft, CancellationToken cancellationToken = default) => Valid().Listen(draft, cancellationToken);

    public async Task<ConversationPage?> Read(long after, int limit, CancellationToken cancellationToken = default)
    {
        var page = await Valid().Read(after, limit, cancellationToken);
        if (page is null)
        {
            Leave(); // whoever asks for one that there is not, or no longer, leaves no trace of it
        }

        return page;
    }

    public async Task<Deletion?> Forget(CancellationToken cancellationToken = default)
    {
        var deletion = await Valid().Forget(cancellationToken);
        Leave();
        return deletion;
    }

    public async Task<Deletion?> ForgetUnused(DateTimeOffset before)
    {
        var deletion = await Valid().ForgetUnused(before);
        if (deletion is not null)
        {
            Leave();
        }

        return deletion;
    }

    public async Task<bool> Delete(CancellationToken cancellationToken = default) => await Forget(cancellationToken) is not null;

    /// <summary>Its entry in the directory names it, too. Not where it is talked to again: its streams are no calls that Orleans would wait for.</summary>
    private void Leave()
    {
        if (_conversation.IsIdle)
        {
            DeactivateOnIdle();
        }
    }

    public Task<TurnRecord?> Find(string turnId, CancellationToken cancellationToken = default) => Valid().Find(turnId, cancellationToken);

    public Task<bool> Change(ConversationChange change, CancellationToken cancellationToken = default) => Valid().Change(change, cancellationToken);

    private Conversation Valid() => _invalid is null ? _conversation : throw new ProblemException(_invalid);

    private void FollowKv()
    {
        if (!_conversation.IsIdle || host.BetterPlace(_log) is not { } place)
        {
            return;
        }

        var before = RequestContext.Get(IPlacementDirector.PlacementHintKey);
        RequestContext.Set(IPlacementDirector.PlacementHintKey, place);
        this.MigrateOnIdle();
        if (before is null)
        {
            RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        }
        else
        {
            RequestContext.Set(IPlacementDirector.PlacementHintKey, before);
        }
    }
}
