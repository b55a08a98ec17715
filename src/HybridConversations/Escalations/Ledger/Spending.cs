namespace HybridConversations.Escalations.Ledger;

/// <summary>Money spent at an endpoint.</summary>
/// <param name="Today">Settled, this UTC day.</param>
/// <param name="ThisMonth">Settled, this UTC month.</param>
/// <param name="ReservedToday">For calls under way, this UTC day.</param>
/// <param name="ReservedThisMonth">For calls under way, this UTC month.</param>
public readonly record struct Spending(decimal Today, decimal ThisMonth, decimal ReservedToday, decimal ReservedThisMonth);

/// <summary>What was spent when a try was booked.</summary>
/// <param name="Tenant">By its tenant.</param>
/// <param name="All">By all tenants together.</param>
public readonly record struct Balance(Spending Tenant, Spending All);
