namespace HybridConversations.Escalations.Ledger;

/// <summary>
/// Money as the ledger stores it: whole ten-thousand-millionths of the currency's unit. A token's price is exact up to four decimals a million
/// tokens (0.075 is 750 of them a token), sums are integers, and 900 million units of currency fit.
/// </summary>
public static class LedgerMoney
{
    /// <summary>The largest single sum.</summary>
    public const decimal Max = 1_000_000m;
    private const decimal Scale = 10_000_000_000m;

    /// <summary>Rounded up: a budget errs to the safe side.</summary>
    public static long From(decimal money) => (long)decimal.Ceiling(Math.Clamp(money, 0, Max) * Scale);

    /// <summary>The money that so many units are.</summary>
    public static decimal ToMoney(long units) => units / Scale;
}
