using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using HybridConversations.Escalations;
using HybridConversations.Orleans.Contracts;
using HybridConversations.Orleans.Streams;

namespace HybridConversations.Orleans.Escalations;

/// <summary>The cloud endpoints that this silo can reach, by name, made when they are first needed. Thread-safe.</summary>
/// <param name="settings">How to make each.</param>
/// <param name="services">What they are made of.</param>
internal sealed class CloudEndpoints(IReadOnlyDictionary<string, EscalationSettings> settings, IServiceProvider services)
{
    private readonly ConcurrentDictionary<string, Lazy<ILocalEscalation>> _made = new(StringComparer.Ordinal);

    // Seats on this silo, by the key of their grain.
    private readonly ConcurrentDictionary<EscalationSeat, ILocalEscalation> _seats = new();
    private readonly OpenCount _open = new();

    public IReadOnlyList<string> Names { get; } = [.. settings.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Calls under way through this silo.</summary>
    public int Open => _open.Value;

    /// <exception cref="ProblemException"><c>cloud-failed</c>: this silo does not know it.</exception>
    public ILocalEscalation Get(string name) => settings.TryGetValue(name, out var endpoint)
        ? _made.GetOrAdd(name, _ => new Lazy<ILocalEscalation>(() => endpoint.Make(services))).Value
        : throw new ProblemException(new Problem(
            ProblemCodes.CloudFailed, 502, $"No process of the fleet has the cloud endpoint '{name}' in its settings."));

    /// <summary>Makes all of them now, so that what is wrong with their settings is told at start.</summary>
    /// <exception cref="ProblemException"><c>invalid-request</c>: an endpoint's settings are wrong, or it has no key.</exception>
    public void MakeAll()
    {
        foreach (var name in Names)
        {
            _ = Get(name);
        }
    }

    /// <summary>From now on the seat's grain is here.</summary>
    public async ValueTask<ILocalEscalation> Take(EscalationSeat seat, CancellationToken cancellationToken)
    {
        var escalation = Get(seat.Endpoint);
        await escalation.Recall(cancellationToken);
        _seats[seat] = escalation;
        return escalation;
    }

    /// <summary>The seat's grain is here no more.</summary>
    public void Leave(EscalationSeat seat) => _seats.TryRemove(seat, out _);

    /// <summary>What to tell the fleet.</summary>
    public IReadOnlyList<EndpointReport> Reports() => [.. Names.Select(Report)];

    /// <summary>Asks, and counts the call as open meanwhile.</summary>
    public async IAsyncEnumerable<EscalationEvent> Ask(ILocalEscalation escalation, EscalationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var call = _open.Enter(cancellationToken);
        await foreach (var e in escalation.Ask(request, cancellationToken))
        {
            yield return e;
        }
    }

    private EndpointReport Report(string name)
    {
        var own = new EscalationSeat(name, StandIn: false);
        var seated = _seats.TryGetValue(own, out var escalation) || _seats.TryGetValue(own with { StandIn = true }, out escalation);
        return new EndpointReport
        {
            Name = name,
            Outlook = escalation?.Outlook,
            StandIn = seated && !_seats.ContainsKey(own),
            Bridge = settings[name].Bridge is { Enabled: true } bridge ? bridge : null,
        };
    }
}
