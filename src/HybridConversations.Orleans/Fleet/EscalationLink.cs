using System.Runtime.CompilerServices;
using HybridConversations.Orleans.Contracts;
using HybridConversations.Orleans.Escalations;

namespace HybridConversations.Orleans.Fleet;

/// <summary>The way to the fleet's grain of a cloud endpoint; to its stand-in while the grain's silo leaves.</summary>
internal sealed class EscalationLink(string endpoint, SiloAddress here, IGrainFactory grains, TimeProvider time) : IEscalation
{
    /// <summary>Longer, all in all, than the fleet needs to hear that a silo leaves.</summary>
    private const int Attempts = 6;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public async IAsyncEnumerable<EscalationEvent> Ask(EscalationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (var attempt = 0; ; attempt++)
        {
            var lost = false;
            var leaving = false;
            var events = Grain(standIn: attempt > 0).Ask(request, cancellationToken).GetAsyncEnumerator(cancellationToken);
            try
            {
                for (var first = true; ; first = false)
                {
                    bool any;
                    try
                    {
                        any = await CallerSilo.MoveNext(events, here, first);
                    }
                    catch (ProblemException refusal) when (first && attempt < Attempts && refusal.Problem.Code == ProblemCodes.Stopping)
                    {
                        leaving = true;
                        break;
                    }
                    catch (Exception error) when (ClusterProblems.IsLoss(error) && !cancellationToken.IsCancellationRequested)
                    {
                        lost = true;
                        throw Lost(error);
                    }

                    if (!any)
                    {
                        break;
                    }

                    yield return events.Current;
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

            if (!leaving)
            {
                yield break;
            }

            await Task.Delay(Pause * attempt, time, cancellationToken);
        }
    }

    public ValueTask<EscalationStatus> Status(string tenant, CancellationToken cancellationToken = default) => Grain(standIn: false).Status(tenant, cancellationToken);

    private IEscalationGrain Grain(bool standIn) => grains.GetGrain<IEscalationGrain>(new EscalationSeat(endpoint, standIn).ToString());

    private ProblemException Lost(Exception error) => new(
        new Problem(ProblemCodes.CloudFailed, 502, "The cloud did not answer.",
            $"The silo that asks cloud endpoint '{endpoint}' was lost, or no silo can ask it. Send the same turn again, or allow fallback to the device.", Retryable: true), error);
}
