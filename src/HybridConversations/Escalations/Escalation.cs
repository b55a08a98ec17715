using System.Runtime.CompilerServices;
using HybridConversations.Escalations.Calls;
using HybridConversations.Escalations.Endpoints;
using HybridConversations.Escalations.Ledger;
using HybridConversations.Escalations.Resilience;
using HybridConversations.Escalations.Settings;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Escalations;

/// <summary>
/// The actor of one cloud endpoint: cuts the conversation to its window, waits for a slot and the token rate, reserves the money, asks, tries again
/// before the first text only, and books what it cost.
/// </summary>
public sealed partial class Escalation : ILocalEscalation
{
    private readonly CloudOptions _options;
    private readonly ICloudModel _model;
    private readonly ICostLedger _ledger;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ConcurrencyGate _gate;
    private readonly TokenRate? _rate;
    private readonly RetryDelays _delays;
    private readonly EndpointHealth _health;
    private readonly SpendingOutlook _spending;
    private readonly EscalationWatch _watch;

    /// <param name="options">Validated here, whole.</param>
    /// <param name="model">Asked; belongs to the caller.</param>
    /// <param name="ledger">Booked in; belongs to the caller, and may serve several endpoints.</param>
    /// <param name="time">Every time-out, wait and day is its.</param>
    /// <param name="log">Names, times and tokens; never a word of a conversation.</param>
    /// <param name="seed">Of the jitter; null for a fresh one.</param>
    public Escalation(CloudOptions options, ICloudModel model, ICostLedger ledger, TimeProvider? time = null, ILogger<Escalation>? log = null, int? seed = null)
    {
        CloudOptionsValidator.Validate(options);
        _options = options;
        _model = model;
        _ledger = ledger;
        _time = time ?? TimeProvider.System;
        _log = log ?? NullLogger<Escalation>.Instance;
        _gate = new ConcurrencyGate(options.Limits.MaxConcurrent, options.Limits.MaxQueued, _time);
        _rate = options.Limits.TokensPerMinute is { } rate ? new TokenRate(rate, _time) : null;
        _delays = new RetryDelays(options.Retry, seed is { } s ? new Random(s) : new Random());
        _spending = new SpendingOutlook(options);
        _watch = new EscalationWatch(options, _time);
        _health = new EndpointHealth(options.Breaker, options.Retry, _time, open => CircuitOpened(_log, options.Name, (int)open.TotalSeconds));
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<EscalationEvent> Ask(EscalationRequest request, CancellationToken cancellationToken = default) =>
        _watch.Over(request, Answer(request, cancellationToken), cancellationToken);

    private async IAsyncEnumerable<EscalationEvent> Answer(EscalationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Check(request);
        using var clock = new CallClock(_time, _options.Timeouts, request.DeadlineMs, cancellationToken);
        var plan = CloudCallPlan.Of(_options, request);
        var call = new Call(this, request, clock, cancellationToken);
        await call.Enter();
        try
        {
            await using var attempt = await call.FirstText(plan);
            for (var next = attempt.First; next is not null; next = await attempt.Next())
            {
                yield return next;
            }

            yield return await call.Finish(attempt);
        }
        finally
        {
            _gate.Leave();
        }
    }

    /// <summary>What the router may know of it: no call, no wait.</summary>
    public EscalationOutlook Outlook => _spending.AddTo(new EscalationOutlook { Endpoint = _options.Name, Unavailable = Unavailable, InFlight = _gate.InFlight }, Today);

    /// <inheritdoc/>
    public async ValueTask<EscalationStatus> Status(string tenant, CancellationToken cancellationToken = default)
    {
        var all = await _ledger.Spent(_options.Name, null, _time.GetUtcNow(), cancellationToken);
        var spent = tenant.Length == 0 ? all : await _ledger.Spent(_options.Name, tenant, _time.GetUtcNow(), cancellationToken);
        var reason = Unavailable ?? _spending.Unaffordable(tenant, new Balance(tenant.Length == 0 ? default : spent, all));
        return new EscalationStatus(_options.Name, reason is null, reason, spent.Today, spent.ThisMonth, _gate.InFlight);
    }

    /// <inheritdoc/>
    public async ValueTask Recall(CancellationToken cancellationToken = default)
    {
        var today = Today;
        var days = (await _ledger.Days(new DateOnly(today.Year, today.Month, 1), today, null, cancellationToken)).Where(day => day.Endpoint == _options.Name).ToList();
        var all = Sum(days);
        foreach (var tenant in days.GroupBy(day => day.Tenant, StringComparer.Ordinal))
        {
            _spending.Learn(tenant.Key, new Balance(Sum(tenant), all), today);
        }

        Spending Sum(IEnumerable<LedgerDay> some) => new(some.Where(day => day.Day == today).Sum(day => day.Totals.Cost), some.Sum(day => day.Totals.Cost), 0, 0);
    }

    /// <summary>Why no one can ask, whoever pays.</summary>
    private string? Unavailable => _health.Blocked(out var why, out var left) ? $"It is not asked for another {Math.Ceiling(left.TotalSeconds):0} s: {why}"
        : _gate.Queued >= Math.Max(1, _options.Limits.MaxQueued) ? $"{_gate.Queued} turns wait for it already."
        : null;

    private DateOnly Today => DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime);

    private static void Check(EscalationRequest request)
    {
        if (request.Tenant.Length is 0 or > Limits.MaxIdCharacters)
        {
            throw new ProblemException(ProblemCodes.InvalidRequest($"tenant has {request.Tenant.Length} characters; give 1 to {Limits.MaxIdCharacters}."));
        }

        if (request.Messages.Count == 0 || request.Messages[^1].Role is not (ChatMessage.User or ChatMessage.Tool))
        {
            throw new ProblemException(ProblemCodes.InvalidRequest("messages must end with a user message or the result of a call."));
        }
    }
}
