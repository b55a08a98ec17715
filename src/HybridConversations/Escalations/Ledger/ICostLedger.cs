namespace HybridConversations.Escalations.Ledger;

/// <summary>
/// What was spent, per endpoint and tenant, in days of UTC; never on whose conversation. A reservation is checked against the budget and durable before
/// its call is made; it counts as spent until it is settled or released. Thread-safe.
/// </summary>
public interface ICostLedger : IAsyncDisposable
{
    /// <summary>Reserves a try's worst case, or says which budget has no room for it. Checked and booked in one step, whoever else reserves.</summary>
    ValueTask<ReservationResult> Reserve(Reservation reservation, CancellationToken cancellationToken = default);

    /// <summary>Replaces a reservation by what the try has cost. Once only; what comes later changes nothing.</summary>
    /// <returns>What has been spent now; null when there was nothing to settle, or it is settled as soon as the ledger can be written again.</returns>
    ValueTask<Balance?> Settle(long id, Settlement settlement);

    /// <summary>What a tenant has spent at an endpoint; null for all tenants together.</summary>
    ValueTask<Spending> Spent(string endpoint, string? tenant, DateTimeOffset at, CancellationToken cancellationToken = default);

    /// <summary>Totals by day, endpoint and tenant, oldest first.</summary>
    Task<IReadOnlyList<LedgerDay>> Days(DateOnly from, DateOnly to, string? tenant = null, CancellationToken cancellationToken = default);

    /// <summary>Tries on record, newest first.</summary>
    Task<IReadOnlyList<LedgerTry>> Tries(int limit, CancellationToken cancellationToken = default);
}
