using System.Diagnostics;
using System.Runtime.CompilerServices;
using HybridConversations.Orleans.Contracts;
using HybridConversations.Orleans.Fleet;
using HybridConversations.Orleans.NetworkCuts;
using HybridConversations.Orleans.Streams;

namespace HybridConversations.Orleans.Clients;

/// <summary>
/// A conversation grain as a conversation: every outcome of a turn is an event, also the loss of its silo, and a turn that its reader has heard nothing of
/// yet is sent again by itself when its conversation moved, its silo left in between, or cannot be reached from here (its id makes that safe).
/// </summary>
internal sealed class OrleansConversation(string id, IConversationGrain grain, Detours detours, TimeProvider time, SiloAddress? here) : IConversation, IConversationRecord
{
    private const int Attempts = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public IAsyncEnumerable<ReplyEvent> Say(Turn turn, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(turn);
        var traced = turn with { TraceParent = turn.TraceParent ?? Activity.Current?.Id };
        return StreamBuffers.OfReply().Relay(left => Events(traced, left), cancellationToken);
    }

    /// <summary>Never sent twice: it names no turn, and would end the one that came after the one that was meant.</summary>
    public Task<InterruptResult> Interrupt(string? heard, CancellationToken cancellationToken = default) => ClusterCall.Run(
        async () =>
        {
            try
            {
                return await Way().Interrupt(heard, cancellationToken);
            }
            catch (Exception error) when (ClusterCall.IsLost(error, cancellationToken))
            {
                await detours.Blocked(id, cancellationToken);
                throw;
            }
        },
        cancellationToken);

    public Task<InterruptResult> InterruptTurn(string turnId, string? heard, CancellationToken cancellationToken = default) =>
        Call(way => way.InterruptTurn(turnId, heard, cancellationToken), cancellationToken);

    public Task Listen(SpokenDraft draft, CancellationToken cancellationToken = default) => Call(
        async way =>
        {
            await way.Listen(draft, cancellationToken);
            return true;
        },
        cancellationToken);

    public Task<ConversationPage?> Read(long after, int limit, CancellationToken cancellationToken = default) =>
        Call(way => way.Read(after, limit, cancellationToken), cancellationToken);

    public Task<Deletion?> Forget(CancellationToken cancellationToken = default) => Call(way => way.Forget(cancellationToken), cancellationToken);

    public Task<bool> Delete(CancellationToken cancellationToken = default) => Call(way => way.Delete(cancellationToken), cancellationToken);

    public Task<TurnRecord?> Find(string turnId, CancellationToken cancellationToken = default) => Call(way => way.Find(turnId, cancellationToken), cancellationToken);

    public Task<bool> Change(ConversationChange change, CancellationToken cancellationToken = default) => Call(way => way.Change(change, cancellationToken), cancellationToken);

    private EitherRelease Way() => new(id, detours.Way(id, grain));

    /// <summary>All of these may be called twice; what is lost on one way is called once more on another.</summary>
    private Task<T> Call<T>(Func<IRecordedConversation, Task<T>> call, CancellationToken cancellationToken) => ClusterCall.Run(
        async () =>
        {
            try
            {
                return await call(Way());
            }
            catch (Exception error) when (ClusterCall.IsLost(error, cancellationToken))
            {
                await detours.Blocked(id, cancellationToken);
                return await call(Way());
            }
        },
        cancellationToken);

    private async IAsyncEnumerable<ReplyEvent> Events(Turn turn, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var heard = false;
            ReplyFailed? failed = null;
            var lost = false;
            var events = Way().Say(turn, cancellationToken).GetAsyncEnumerator(cancellationToken);
            try
            {
                for (var first = true; failed is null; first = false)
                {
                    ReplyEvent? next;
                    try
                    {
                        next = await CallerSilo.MoveNext(events, here, first) ? events.Current : null;
                    }
                    catch (Exception error) when (!cancellationToken.IsCancellationRequested && ToldAs(error, turn.TurnId, out lost) is { } told)
                    {
                        next = told;
                    }

                    if (next is null)
                    {
                        break;
                    }

                    failed = next as ReplyFailed;
                    if (failed is null)
                    {
                        heard |= next is ReplyText or ReplyToolCall or ReplyReasoning;
                        yield return next;
                    }
                }
            }
            finally
            {
                // A silo that is lost would let this wait for a time-out.
                if (!lost)
                {
                    await events.DisposeAsync();
                }
            }

            if (failed is null)
            {
                yield break;
            }

            if (lost)
            {
                await detours.Blocked(id, cancellationToken);
            }

            if (heard || attempt == Attempts || !MovedAway(failed.Problem))
            {
                yield return failed;
                yield break;
            }

            await Task.Delay(Pause * attempt, time, cancellationToken);
        }
    }

    /// <summary>The turn failed because of where it was, not of what it is.</summary>
    private static bool MovedAway(Problem problem) => problem is { Retryable: true, Code: ProblemCodes.Stopping or ProblemCodes.DeviceLost };

    private ReplyFailed? ToldAs(Exception error, string turnId, out bool lost)
    {
        lost = ClusterProblems.IsLoss(error) || error is OperationCanceledException;
        return lost ? new ReplyFailed(turnId, ClusterProblems.SiloLost(id))
            : error is ProblemException problem ? new ReplyFailed(turnId, problem.Problem)
            : null;
    }
}
