using HybridConversations.Escalations.Endpoints;

namespace HybridConversations.Escalations.Ledger;

/// <summary>
/// What was spent, per endpoint, tenant and conversation, in days of UTC. A reservation is checked against the budget and durable before its call is
/// made; it counts as spent until it is settled or released. Thread-safe.
/// </summary>
public interface ICostLedger : IAsyncDisposable
{
    /// <summary>Reserves a try's worst case, or says which budget has no room for it. Checked and booked in one step, whoever else reserves.</summary>
    ValueTask<ReservationResult> Reserve(Reservation reservation, CancellationToken cancellationToken = default);

    /// <summary>Replaces a reservation by what the try has cost. Once only.</summary>
    ValueTask Settle(long id, Settlement settlement);

    /// <summary>What a tenant has spent at an endpoint; null for all tenants together.</summary>
    ValueTask<Spending> Spent(string endpoint, string? tenant, DateTimeOffset at, CancellationToken cancellationToken = default);

    /// <summary>Totals by day, endpoint and tenant, oldest first.</summary>
    Task<IReadOnlyList<LedgerDay>> Days(DateOnly from, DateOnly to, string? tenant = null, CancellationToken cancellationToken = default);

    /// <summary>Totals of one conversation over the tries still on record.</summary>
    Task<LedgerTotals> OfConversation(string conversationId, CancellationToken cancellationToken = default);

    /// <summary>Tries on record, newest first.</summary>
    Task<IReadOnlyList<LedgerTry>> Tries(int limit, CancellationToken cancellationToken = default);
}

/// <summary>A try about to be made.</summary>
/// <param name="Endpoint">Name of the endpoint.</param>
/// <param name="Tenant">Who pays.</param>
/// <param name="ConversationId">On whose behalf.</param>
/// <param name="At">Now; its UTC day is the bucket, also when the try ends after midnight.</param>
/// <param name="Tokens">The worst case.</param>
/// <param name="Cost">The worst case.</param>
/// <param name="Budget">What must not be exceeded.</param>
public sealed record Reservation(string Endpoint, string Tenant, string ConversationId, DateTimeOffset At, CloudUsage Tokens, decimal Cost, Budget Budget);

/// <summary>Bounds that hold for one tenant; null for none.</summary>
public readonly record struct Budget(decimal? Daily, decimal? Monthly, decimal? TotalDaily, decimal? TotalMonthly);

/// <param name="Id">Of the reservation, for <see cref="ICostLedger.Settle"/>.</param>
/// <param name="Refusal">Set when nothing was reserved.</param>
public readonly record struct ReservationResult(long Id, BudgetRefusal? Refusal);

/// <summary>The budget without room.</summary>
/// <param name="Monthly">Else daily.</param>
/// <param name="AllTenants">The endpoint's total, else the tenant's.</param>
/// <param name="Budget">Its size.</param>
/// <param name="Spent">Of it, settled.</param>
/// <param name="Reserved">Of it, for calls under way.</param>
/// <param name="Asked">What the try might have cost.</param>
public sealed record BudgetRefusal(bool Monthly, bool AllTenants, decimal Budget, decimal Spent, decimal Reserved, decimal Asked);

/// <param name="State">How sure the numbers are.</param>
/// <param name="Outcome">How the try ended, in a few words: <c>completed</c>, <c>RateLimited 429</c>, <c>Cut</c>.</param>
/// <param name="Tokens">What it used.</param>
/// <param name="Cost">What it cost.</param>
public sealed record Settlement(LedgerState State, string Outcome, CloudUsage Tokens, decimal Cost);

/// <summary>How sure the numbers of a try are.</summary>
public enum LedgerState
{
    /// <summary>Under way: the worst case.</summary>
    Reserved,

    /// <summary>As the endpoint counted.</summary>
    Settled,

    /// <summary>The endpoint did not say, and may have charged: estimated here.</summary>
    Estimated,

    /// <summary>The process died before it was settled: the worst case stays booked.</summary>
    Recovered,

    /// <summary>The endpoint refused or was not reached: nothing is booked.</summary>
    Released,
}

/// <param name="Today">Settled, this UTC day.</param>
/// <param name="ThisMonth">Settled, this UTC month.</param>
/// <param name="ReservedToday">For calls under way, this UTC day.</param>
/// <param name="ReservedThisMonth">For calls under way, this UTC month.</param>
public readonly record struct Spending(decimal Today, decimal ThisMonth, decimal ReservedToday, decimal ReservedThisMonth);

/// <param name="Tries">Tries that are booked: settled, estimated or recovered.</param>
/// <param name="Unsure">Of these, estimated or recovered.</param>
/// <param name="Released">Tries that cost nothing.</param>
/// <param name="Input">Prompt tokens.</param>
/// <param name="Cached">Of these, cached.</param>
/// <param name="Output">Reply tokens.</param>
/// <param name="Cost">Money.</param>
public sealed record LedgerTotals(int Tries, int Unsure, int Released, long Input, long Cached, long Output, decimal Cost);

public sealed record LedgerDay(DateOnly Day, string Endpoint, string Tenant, LedgerTotals Totals);

/// <summary>One try on record.</summary>
public sealed record LedgerTry(
    long Id, DateTimeOffset At, string Endpoint, string Tenant, string ConversationId, LedgerState State, string Outcome, CloudUsage Tokens, decimal Cost);
