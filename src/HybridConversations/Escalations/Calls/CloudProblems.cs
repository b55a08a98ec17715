using HybridConversations.Escalations.Endpoints;
using HybridConversations.Escalations.Ledger;

namespace HybridConversations.Escalations.Calls;

/// <summary>What a conversation is told when the cloud does not answer.</summary>
internal static class CloudProblems
{
    public static ProblemException Failed(string endpoint, CloudException failure, int tries)
    {
        var late = failure.Kind is CloudFailureKind.ConnectTimeout or CloudFailureKind.FirstTokenTimeout or CloudFailureKind.GapTimeout
            or CloudFailureKind.WholeTimeout;
        var retryable = failure.MayBeRetried || late;
        var after = failure.RetryAfter is { } wait ? Milliseconds(wait) : (int?)null;
        var detail = $"Cloud endpoint '{endpoint}' failed{(tries > 1 ? $" {tries} times" : "")}: {failure.Message}";
        return new ProblemException(new Problem(ProblemCodes.CloudFailed, late ? 504 : 502, detail, retryable, after), failure);
    }

    public static ProblemException Resting(string endpoint, string why, TimeSpan rest) => new(new Problem(ProblemCodes.CloudFailed, 502,
        $"Cloud endpoint '{endpoint}' is not asked for another {Math.Max(1, (int)Math.Ceiling(rest.TotalSeconds))} s: {why}", Retryable: true, Milliseconds(rest)));

    public static ProblemException Ledger(string endpoint, Exception cause) => new(new Problem(ProblemCodes.CloudFailed, 502,
        $"Cloud endpoint '{endpoint}' was not asked, because its cost ledger could not be written: {cause.Message}",
        Retryable: true), cause);

    public static ProblemException DoesNotFit(string endpoint, int tokens, int room) => new(new Problem(ProblemCodes.CloudFailed, 502,
        $"The system prompt and the turn have about {tokens} tokens, and {room} fit the window of cloud endpoint '{endpoint}'. " +
        "Send a shorter text, or raise the endpoint's window if its model takes more."));

    public static ProblemException BudgetSpent(string endpoint, BudgetRefusal refusal, string currency, DateTimeOffset now)
    {
        var (period, reset) = refusal.Monthly
            ? ("this month", new DateTimeOffset(now.UtcDateTime.Year, now.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero).AddMonths(1))
            : ("today", new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero).AddDays(1));
        var who = refusal.AllTenants ? "All tenants together have" : "The tenant has";
        var reserved = refusal.Reserved > 0 ? $" and {Money(refusal.Reserved)} reserved for calls under way" : "";
        return new ProblemException(new Problem(ProblemCodes.BudgetSpent, 402,
            $"{who} spent {Money(refusal.Spent)} of {Money(refusal.Budget)} {currency} {period} (UTC) at cloud endpoint '{endpoint}'{reserved}, " +
            $"and this turn may cost {Money(refusal.Asked)}. " +
            $"The budget begins anew at {reset:yyyy-MM-dd HH:mm} UTC; an operator can raise it in budgets.", Retryable: true, Milliseconds(reset - now)));
    }

    public static int Milliseconds(TimeSpan time) => (int)Math.Clamp(Math.Ceiling(time.TotalMilliseconds), 0, int.MaxValue);

    private static string Money(decimal money) => money.ToString("0.00####");
}
