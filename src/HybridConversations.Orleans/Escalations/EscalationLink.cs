using System.Runtime.CompilerServices;
using HybridConversations.Orleans.Fleet;
using HybridConversations.Orleans.Grains;

namespace HybridConversations.Orleans.Escalations;

/// <summary>The way to the fleet's grain of a cloud endpoint.</summary>
internal sealed class EscalationLink(string endpoint, IGrainFactory grains) : IEscalation
{
    private static readonly TimeSpan StatusLimit = TimeSpan.FromSeconds(2);

    public async IAsyncEnumerable<EscalationEvent> Ask(EscalationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var events = grains.GetGrain<IEscalationGrain>(endpoint).Ask(request, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await Next(events, cancellationToken))
        {
            yield return events.Current;
        }
    }

    /// <summary>A turn does not wait long to hear whether the cloud could be asked.</summary>
    public async ValueTask<EscalationStatus> Status(string tenant, CancellationToken cancellationToken = default) =>
        await grains.GetGrain<IEscalationGrain>(endpoint).Status(tenant, cancellationToken).AsTask().WaitAsync(StatusLimit, cancellationToken);

    private async ValueTask<bool> Next(IAsyncEnumerator<EscalationEvent> events, CancellationToken cancellationToken)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (Exception error) when (ClusterProblems.IsLoss(error) && !cancellationToken.IsCancellationRequested)
        {
            throw new ProblemException(
                new Problem(ProblemCodes.CloudFailed, 502, "The cloud could not answer.",
                    $"The silo that asks cloud endpoint '{endpoint}' was lost. Send the same turn again, or allow fallback to the device.", Retryable: true), error);
        }
    }
}
