using HybridConversations.Escalations.Endpoints;

namespace HybridConversations.Escalations.Ledger;

/// <summary>A try about to be made.</summary>
/// <param name="Endpoint">Name of the endpoint.</param>
/// <param name="Tenant">Who pays.</param>
/// <param name="At">Now; its UTC day is the bucket, also when the try ends after midnight.</param>
/// <param name="Lease">A try that is not settled after this time never will be: whoever made it is gone, and the worst case stays booked.</param>
/// <param name="Tokens">The worst case.</param>
/// <param name="Cost">The worst case.</param>
/// <param name="Budget">What must not be exceeded.</param>
public sealed record Reservation(string Endpoint, string Tenant, DateTimeOffset At, TimeSpan Lease, CloudUsage Tokens, decimal Cost, Budget Budget);

/// <summary>Bounds that hold for one tenant; null for none.</summary>
/// <param name="Daily">Of the tenant, a day.</param>
/// <param name="Monthly">Of the tenant, a month.</param>
/// <param name="TotalDaily">Of all tenants together, a day.</param>
/// <param name="TotalMonthly">Of all tenants together, a month.</param>
public readonly record struct Budget(decimal? Daily, decimal? Monthly, decimal? TotalDaily, decimal? TotalMonthly);

/// <summary>How a reservation went.</summary>
/// <param name="Id">Of the reservation, for <see cref="ICostLedger.Settle"/>.</param>
/// <param name="Refusal">Set when nothing was reserved.</param>
/// <param name="Balance">What has been spent and reserved, this one included.</param>
public readonly record struct ReservationResult(long Id, BudgetRefusal? Refusal, Balance Balance);

/// <summary>The budget without room.</summary>
/// <param name="Monthly">Else daily.</param>
/// <param name="AllTenants">The endpoint's total, else the tenant's.</param>
/// <param name="Budget">Its size.</param>
/// <param name="Spent">Of it, settled.</param>
/// <param name="Reserved">Of it, for calls under way.</param>
/// <param name="Asked">What the try might have cost.</param>
public sealed record BudgetRefusal(bool Monthly, bool AllTenants, decimal Budget, decimal Spent, decimal Reserved, decimal Asked)
{
    /// <summary>The first budget without room for a try's worst case, in the order in which they are named; null when all have some.</summary>
    internal static BudgetRefusal? Of(Budget budget, Balance balance, decimal asked)
    {
        return Check(budget.Daily, false, false, balance.Tenant.Today, balance.Tenant.ReservedToday)
            ?? Check(budget.Monthly, true, false, balance.Tenant.ThisMonth, balance.Tenant.ReservedThisMonth)
            ?? Check(budget.TotalDaily, false, true, balance.All.Today, balance.All.ReservedToday)
            ?? Check(budget.TotalMonthly, true, true, balance.All.ThisMonth, balance.All.ReservedThisMonth);

        BudgetRefusal? Check(decimal? bound, bool monthly, bool all, decimal spent, decimal reserved) =>
            bound is { } limit && spent + reserved + asked > limit ? new BudgetRefusal(monthly, all, limit, spent, reserved, asked) : null;
    }
}
