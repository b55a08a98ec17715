using System.Runtime.CompilerServices;
using HybridConversations.Escalations;
using HybridConversations.Orleans.Contracts;
using HybridConversations.Orleans.Escalations;
using HybridConversations.Orleans.Fleet;
using HybridConversations.Orleans.Placement;
using Orleans.Concurrency;
using Orleans.Placement;

namespace HybridConversations.Orleans.Grains;

/// <summary>
/// Hosts the one object of the fleet that asks a cloud endpoint, on a silo that has it in its settings. When that silo leaves, the calls under way end here
/// and new ones are sent to the stand-in (<see cref="EscalationSeat"/>) on another silo that has it.
/// </summary>
[GrainType("escalation")]
[Reentrant]
[Immovable]
[EndpointSilos]
internal sealed class EscalationGrain(CloudEndpoints endpoints, FleetEndpoints fleet, FleetDirectory directory, SiloDrain drain, ILocalSiloDetails here) : Grain, IEscalationGrain
{
    private EscalationSeat _seat;
    private ILocalEscalation _escalation = null!;
    private int _open;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _seat = EscalationSeat.Parse(this.GetPrimaryKeyString());
        _escalation = await endpoints.Take(_seat, cancellationToken);
        if (!_seat.StandIn)
        {
            DelayDeactivation(Timeout.InfiniteTimeSpan);
        }
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        endpoints.Leave(_seat);
        return Task.CompletedTask;
    }

    public async IAsyncEnumerable<EscalationEvent> Ask(EscalationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (drain.Begun && fleet.ReachedByOther(here.SiloAddress, _seat.Endpoint))
        {
            // Where replies stream through it, it stays until they have ended.
            if (_open == 0)
            {
                this.MigrateOnIdle();
            }

            throw new ProblemException(new Problem(ProblemCodes.Stopping, 503,
                $"The silo that asks cloud endpoint '{_seat.Endpoint}' leaves the fleet. Another one takes its place.", Retryable: true, RetryAfterMs: 200));
        }

        using var left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, directory.Gone(CallerSilo.Current));
        _open++;
        try
        {
            await foreach (var e in endpoints.Ask(_escalation, request, left.Token))
            {
                yield return e;
            }
        }
        finally
        {
            _open--;
        }
    }

    public ValueTask<EscalationStatus> Status(string tenant, CancellationToken cancellationToken = default) => _escalation.Status(tenant, cancellationToken);
}
