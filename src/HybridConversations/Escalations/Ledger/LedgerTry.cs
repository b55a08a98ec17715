using HybridConversations.Escalations.Endpoints;

namespace HybridConversations.Escalations.Ledger;

/// <summary>One try on record. It does not say which conversation it was for.</summary>
public sealed record LedgerTry(long Id, DateTimeOffset At, string Endpoint, string Tenant, LedgerState State, string Outcome, CloudUsage Tokens, decimal Cost);
