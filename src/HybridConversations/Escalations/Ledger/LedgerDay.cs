namespace HybridConversations.Escalations.Ledger;

/// <summary>One tenant's day at an endpoint.</summary>
public sealed record LedgerDay(DateOnly Day, string Endpoint, string Tenant, LedgerTotals Totals);

/// <summary>Sums over tries.</summary>
/// <param name="Tries">Tries that are booked: settled, estimated or recovered.</param>
/// <param name="Unsure">Of these, estimated or recovered.</param>
/// <param name="Released">Tries that cost nothing.</param>
/// <param name="Input">Prompt tokens.</param>
/// <param name="Cached">Of these, cached.</param>
/// <param name="Output">Reply tokens.</param>
/// <param name="Cost">Money.</param>
public sealed record LedgerTotals(int Tries, int Unsure, int Released, long Input, long Cached, long Output, decimal Cost);
