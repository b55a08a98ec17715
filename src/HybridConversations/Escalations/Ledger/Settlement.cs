using HybridConversations.Escalations.Endpoints;

namespace HybridConversations.Escalations.Ledger;

/// <summary>How a try ended.</summary>
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
