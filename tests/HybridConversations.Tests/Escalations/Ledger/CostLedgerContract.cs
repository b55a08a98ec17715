using HybridConversations.Escalations.Endpoints;
using HybridConversations.Escalations.Ledger;

namespace HybridConversations.Tests.Escalations.Ledger;

/// <summary>What every ledger does, wherever it keeps its books.</summary>
public abstract class CostLedgerContract
{
    protected static readonly DateTimeOffset Noon = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);
    protected static readonly DateOnly Today = new(2026, 3, 14);

    /// <summary>Opens the test's ledger, which may have been opened and closed before.</summary>
    protected abstract Task<ICostLedger> Open();

    [SkippableFact]
    public async Task A_reservation_counts_until_it_is_settled()
    {
        await using var ledger = await Open();
        var result = await ledger.Reserve(Try(cost: 0.5m));
        Assert.Equal(new Spending(0, 0, 0.5m, 0.5m), await ledger.Spent("e", "t", Noon));
        Assert.Equal(new Balance(new Spending(0, 0, 0.5m, 0.5m), new Spending(0, 0, 0.5m, 0.5m)), result.Balance);
        Assert.Equal(LedgerState.Reserved, Assert.Single(await ledger.Tries(10)).State);

        var balance = await ledger.Settle(result.Id, new Settlement(LedgerState.Settled, "completed", new CloudUsage(70, 20, 10), 0.123456789m));

        Assert.Equal(new Spending(0.123456789m, 0.123456789m, 0, 0), await ledger.Spent("e", "t", Noon));
        Assert.Equal(new Spending(0.123456789m, 0.123456789m, 0, 0), balance!.Value.All);
        var tried = Assert.Single(await ledger.Tries(10));
        Assert.Equal((result.Id, Noon, "e", "t", LedgerState.Settled, "completed", new CloudUsage(70, 20, 10), 0.123456789m),
            (tried.Id, tried.At, tried.Endpoint, tried.Tenant, tried.State, tried.Outcome, tried.Tokens, tried.Cost));
        var day = Assert.Single(await ledger.Days(new DateOnly(2026, 3, 14), new DateOnly(2026, 3, 14)));
        Assert.Equal(("e", "t", new LedgerTotals(1, 0, 0, 70, 10, 20, 0.123456789m)), (day.Endpoint, day.Tenant, day.Totals));
    }

    /// <summary>An endpoint without prices: its tries and tokens count all the same.</summary>
    [SkippableFact]
    public async Task What_costs_nothing_is_booked_too()
    {
        await using var ledger = await Open();
        var result = await ledger.Reserve(Try(cost: 0));

        Assert.NotNull(await ledger.Settle(result.Id, new Settlement(LedgerState.Settled, "completed", new CloudUsage(70, 20, 10), 0)));

        Assert.Equal(new LedgerTotals(1, 0, 0, 70, 10, 20, 0), Assert.Single(await ledger.Days(Today, Today)).Totals);
        Assert.Equal(LedgerState.Settled, Assert.Single(await ledger.Tries(10)).State);
    }

    [SkippableFact]
    public async Task Settling_twice_counts_once_and_releasing_costs_nothing()
    {
        await using var ledger = await Open();
        var one = (await ledger.Reserve(Try(cost: 1))).Id;
        var two = (await ledger.Reserve(Try(cost: 1))).Id;
        var settled = new Settlement(LedgerState.Settled, "completed", new CloudUsage(1, 1, 0), 0.4m);
        await ledger.Settle(one, settled);
        await ledger.Settle(one, settled);
        await ledger.Settle(4_711, settled);
        await ledger.Settle(two, new Settlement(LedgerState.Released, "RateLimited 429", new CloudUsage(9, 9, 9), 9m));

        Assert.Equal(new Spending(0.4m, 0.4m, 0, 0), await ledger.Spent("e", "t", Noon));
        Assert.Equal(new LedgerTotals(1, 0, 1, 1, 0, 1, 0.4m), Assert.Single(await ledger.Days(Today, Today)).Totals);
        Assert.Equal(["RateLimited 429", "completed"], (await ledger.Tries(10)).Select(t => t.Outcome));
    }

    [SkippableFact]
    public async Task Tenants_endpoints_days_and_months_are_kept_apart()
    {
        await using var ledger = await Open();
        await Spend(ledger, Try(tenant: "a"), 1);
        await Spend(ledger, Try(tenant: "b"), 2);
        await Spend(ledger, Try(tenant: "a") with { Endpoint = "other" }, 4);
        await Spend(ledger, Try(tenant: "a") with { At = Noon.AddDays(-1) }, 8);
        await Spend(ledger, Try(tenant: "a") with { At = Noon.AddDays(-14) }, 16);

        // 2026-03-14 23:30 in New York is the 15th in UTC.
        await Spend(ledger, Try(tenant: "a") with { At = new DateTimeOffset(2026, 3, 14, 23, 30, 0, TimeSpan.FromHours(-4)) }, 32);

        Assert.Equal((1m, 41m), Money(await ledger.Spent("e", "a", Noon)));
        Assert.Equal((2m, 2m), Money(await ledger.Spent("e", "b", Noon)));
        Assert.Equal((3m, 43m), Money(await ledger.Spent("e", null, Noon)));
        Assert.Equal((32m, 41m), Money(await ledger.Spent("e", "a", Noon.AddDays(1))));
        Assert.Equal((16m, 16m), Money(await ledger.Spent("e", "a", new DateTimeOffset(2026, 2, 28, 23, 59, 59, TimeSpan.Zero))));
        Assert.Equal(4, (await ledger.Days(new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 14))).Count);
        Assert.Single(await ledger.Days(new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 31), "b"));
    }

    [SkippableFact]
    public async Task A_budget_is_kept_to_the_last_unit_however_many_reserve_at_once()
    {
        await using var ledger = await Open();
        var budget = new Budget(1m, null, null, null);

        // None of them is lost: a ledger on the system's time would take those of a day long past for that.
        var held = Try(cost: 0.03m, budget: budget) with { Lease = TimeSpan.FromDays(36_500) };
        var results = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(async () => await ledger.Reserve(held))));

        Assert.Equal(33, results.Count(r => r.Refusal is null));
        var refusal = results.First(r => r.Refusal is not null).Refusal!;
        Assert.Equal(new BudgetRefusal(false, false, 1m, 0, 0.99m, 0.03m), refusal);
        Assert.Null((await ledger.Reserve(Try(cost: 0.01m, budget: budget))).Refusal);
        Assert.NotNull((await ledger.Reserve(Try(cost: 0.0000000001m, budget: budget))).Refusal);
        Assert.Null((await ledger.Reserve(Try(tenant: "other", cost: 1m, budget: budget))).Refusal);
    }

    [SkippableFact]
    public async Task Everything_is_there_after_a_restart()
    {
        await using (var ledger = await Open())
        {
            await Spend(ledger, Try(), 2.5m);
        }

        await using var again = await Open();
        Assert.Equal((2.5m, 2.5m), Money(await again.Spent("e", "t", Noon)));
        Assert.Equal(LedgerState.Settled, Assert.Single(await again.Tries(10)).State);
    }

    protected static (decimal, decimal) Money(Spending spent) => (spent.Today, spent.ThisMonth);

    protected static async Task Spend(ICostLedger ledger, Reservation reservation, decimal cost)
    {
        var result = await ledger.Reserve(reservation);
        await ledger.Settle(result.Id, new Settlement(LedgerState.Settled, "completed", new CloudUsage(1, 1, 0), cost));
    }

    protected static Reservation Try(string tenant = "t", decimal cost = 1m, Budget budget = default) =>
        new("e", tenant, Noon, TimeSpan.FromMinutes(3), new CloudUsage(100, 50, 0), cost, budget);
}
