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
            await using (var events = RemoteStream.Read(Grain(standIn: attempt > 0).Ask(request, cancellationToken), here, Lost, null, cancellationToken).GetAsyncEnumerator(cancellationToken))
            {
                var leaving = false;
                for (var first = true; !leaving; first = false)
                {
                    try
                    {
                        if (!await events.MoveNextAsync())
                        {
                            yield break;
                        }
                    }
                    catch (ProblemException refusal) when (first && attempt < Attempts && refusal.Problem.Code == ProblemCodes.Stopping)
                    {
                        leaving = true;
                        continue;
                    }

                    yield return events.Current;
                }
            }

            await Task.Delay(Pause * attempt, time, cancellationToken);
        }
    }

    public ValueTask<EscalationStatus> Status(string tenant, CancellationToken cancellationToken = default) => Grain(standIn: false).Status(tenant, cancellationToken);

    private IEscalationGrain Grain(bool standIn) => grains.GetGrain<IEscalationGrain>(new EscalationSeat(endpoint, standIn).ToString());

    private ProblemException Lost(Exception error) => new(
        new Problem(ProblemCodes.CloudFailed, 502,
            $"The silo that asks cloud endpoint '{endpoint}' was lost, or no silo can ask it. Send the same turn again, or allow fallback to the device.", Retryable: true), error);
}
