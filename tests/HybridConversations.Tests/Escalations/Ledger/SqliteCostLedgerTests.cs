using HybridConversations.Escalations.Endpoints;
using HybridConversations.Escalations.Ledger;
using HybridConversations.Escalations.Ledger.Sqlite;
using HybridConversations.Tests.Common;

namespace HybridConversations.Tests.Escalations.Ledger;

public sealed class SqliteCostLedgerTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_reservation_counts_until_it_is_settled()
    {
        await using var ledger = new SqliteCostLedger(_folder.Path);
        var id = (await ledger.Reserve(Try(cost: 0.5m))).Id;
        Assert.Equal(new Spending(0, 0, 0.5m, 0.5m), await ledger.Spent("e", "t", Noon));

        await ledger.Settle(id, new Settlement(LedgerState.Settled, "completed", new CloudUsage(70, 20, 10), 0.123456789m));

        Assert.Equal(new Spending(0.123456789m, 0.123456789m, 0, 0), await ledger.Spent("e", "t", Noon));
        Assert.Equal(new LedgerTotals(1, 0, 0, 70, 10, 20, 0.123456789m), await ledger.OfConversation("c"));
        var day = Assert.Single(await ledger.Days(new DateOnly(2026, 3, 14), new DateOnly(2026, 3, 14)));
        Assert.Equal(("e", "t", new LedgerTotals(1, 0, 0, 70, 10, 20, 0.123456789m)), (day.Endpoint, day.Tenant, day.Totals));
    }

    [Fact]
    public async Task Settling_twice_counts_once_and_releasing_costs_nothing()
    {
        await using var ledger = new SqliteCostLedger(_folder.Path);
        var one = (await ledger.Reserve(Try(cost: 1))).Id;
        var two = (await ledger.Reserve(Try(cost: 1))).Id;
        var settled = new Settlement(LedgerState.Settled, "completed", new CloudUsage(1, 1, 0), 0.4m);
        await ledger.Settle(one, settled);
        await ledger.Settle(one, settled);
        await ledger.Settle(4_711, settled);
        await ledger.Settle(two, new Settlement(LedgerState.Released, "RateLimited 429", new CloudUsage(9, 9, 9), 9m));

        Assert.Equal(new Spending(0.4m, 0.4m, 0, 0), await ledger.Spent("e", "t", Noon));
        Assert.Equal(new LedgerTotals(1, 0, 1, 1, 0, 1, 0.4m), await ledger.OfConversation("c"));
        Assert.Equal(["RateLimited 429", "completed"], (await ledger.Tries(10)).Select(t => t.Outcome));
    }

    [Fact]
    public async Task Tenants_endpoints_days_and_months_are_kept_apart()
    {
        await using var ledger = new SqliteCostLedger(_folder.Path);
        await Spend(ledger, Try(tenant: "a"), 1);
        await Spend(ledger, Try(tenant: "b"), 2);
        await Spend(ledger, Try(tenant: "a") with { Endpoint = "other" }, 4);
        await Spend(ledger, Try(tenant: "a") with { At = Noon.AddDays(-1) }, 8);
        await Spend(ledger, Try(tenant: "a") with { At = Noon.AddDays(-14) }, 16);

        // 2026-03-14 23:30 in New York is the 15th in UTC.
        await Spend(ledger, Try(tenant: "a") with { At = new DateTimeOffset(2026, 3, 14, 23, 30, 0, TimeSpan.FromHours(-4)) }, 32);

        Assert.Equal((1m, 9m), Money(await ledger.Spent("e", "a", Noon)));
        Assert.Equal((2m, 2m), Money(await ledger.Spent("e", "b", Noon)));
        Assert.Equal((3m, 11m), Money(await ledger.Spent("e", null, Noon)));
        Assert.Equal((32m, 41m), Money(await ledger.Spent("e", "a", Noon.AddDays(1))));
        Assert.Equal((16m, 16m), Money(await ledger.Spent("e", "a", new DateTimeOffset(2026, 2, 28, 23, 59, 59, TimeSpan.Zero))));
        Assert.Equal(4, (await ledger.Days(new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 14))).Count);
        Assert.Single(await ledger.Days(new DateOnly(2026, 3, 1), new DateOnly(2026, 3, 31), "b"));
    }

    [Fact]
    public async Task A_budget_is_kept_to_the_last_unit_however_many_reserve_at_once()
    {
        await using var ledger = new SqliteCostLedger(_folder.Path);
        var budget = new Budget(1m, null, null, null);
        var results = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(async () => await ledger.Reserve(Try(cost: 0.03m, budget: budget)))));

        Assert.Equal(33, results.Count(r => r.Refusal is null));
        var refusal = results.First(r => r.Refusal is not null).Refusal!;
        Assert.Equal(new BudgetRefusal(false, false, 1m, 0, 0.99m, 0.03m), refusal);
        Assert.Null((await ledger.Reserve(Try(cost: 0.01m, budget: budget))).Refusal);
        Assert.NotNull((await ledger.Reserve(Try(cost: 0.0000000001m, budget: budget))).Refusal);
        Assert.Null((await ledger.Reserve(Try(tenant: "other", cost: 1m, budget: budget))).Refusal);
    }

    [Fact]
    public async Task Everything_is_there_after_a_restart()
    {
        await using (var ledger = new SqliteCostLedger(_folder.Path))
            await Spend(ledger, Try(), 2.5m);
        await using var again = new SqliteCostLedger(_folder.Path);
        Assert.Equal((2.5m, 2.5m), Money(await again.Spent("e", "t", Noon)));
        Assert.Equal(LedgerState.Settled, Assert.Single(await again.Tries(10)).State);
    }

    [Fact]
    public async Task What_a_dead_process_had_reserved_stays_booked_at_its_worst_case()
    {
        var copy = Directory.CreateDirectory(_folder.File("copy")).FullName;
        await using (var ledger = new SqliteCostLedger(_folder.Path))
        {
            await Spend(ledger, Try(), 1m);
            await ledger.Reserve(Try(cost: 0.25m));

            // What the disk holds at this moment is what a power cut leaves: no task that completed may miss from it.
            foreach (var file in Directory.GetFiles(_folder.Path, "ledger.db*"))
                File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        }

        await using var after = new SqliteCostLedger(copy);
        Assert.Equal(new Spending(1.25m, 1.25m, 0, 0), await after.Spent("e", "t", Noon));
        var recovered = (await after.Tries(10))[0];
        Assert.Equal((LedgerState.Recovered, 0.25m, new CloudUsage(100, 50, 0)), (recovered.State, recovered.Cost, recovered.Tokens));
        Assert.Equal((2, 1), ((await after.OfConversation("c")).Tries, (await after.OfConversation("c")).Unsure));
    }

    [Fact]
    public async Task One_process_owns_it()
    {
        await using (var ledger = new SqliteCostLedger(_folder.Path))
        {
            var problem = Assert.Throws<ProblemException>(() => new SqliteCostLedger(_folder.Path)).Problem;
            Assert.Equal(ProblemCodes.Storage, problem.Code);
            Assert.Contains(_folder.Path, problem.Detail, StringComparison.Ordinal);
        }

        await using var next = new SqliteCostLedger(_folder.Path);
    }

    [Fact]
    public void A_damaged_file_is_told_and_left_alone()
    {
        File.WriteAllText(_folder.File("ledger.db"), new string('x', 4_096));
        Assert.Equal(ProblemCodes.Storage, Assert.Throws<ProblemException>(() => new SqliteCostLedger(_folder.Path)).Problem.Code);
        Assert.Equal(new string('x', 4_096), File.ReadAllText(_folder.File("ledger.db")));
    }

    [Fact]
    public async Task Old_tries_are_forgotten_and_their_totals_stay()
    {
        await using var ledger = new SqliteCostLedger(_folder.Path, retentionDays: 32);
        await Spend(ledger, Try() with { ConversationId = "old" }, 1m);
        await Spend(ledger, Try() with { At = Noon.AddDays(33) }, 1m);

        Assert.Equal(["c"], (await ledger.Tries(10)).Select(t => t.ConversationId));
        Assert.Equal(2, (await ledger.Days(DateOnly.MinValue, DateOnly.MaxValue)).Count);
    }

    [Fact]
    public async Task A_closed_ledger_says_so()
    {
        var ledger = new SqliteCostLedger(_folder.Path);
        await ledger.DisposeAsync();
        await ledger.DisposeAsync();
        Assert.Equal(ProblemCodes.Stopping, (await Assert.ThrowsAsync<ProblemException>(async () => await ledger.Reserve(Try()))).Problem.Code);
        Assert.Equal(ProblemCodes.Stopping, (await Assert.ThrowsAsync<ProblemException>(async () => await ledger.Spent("e", "t", Noon))).Problem.Code);
    }

    private static (decimal, decimal) Money(Spending spent) => (spent.Today, spent.ThisMonth);

    private static async Task Spend(SqliteCostLedger ledger, Reservation reservation, decimal cost)
    {
        var result = await ledger.Reserve(reservation);
        await ledger.Settle(result.Id, new Settlement(LedgerState.Settled, "completed", new CloudUsage(1, 1, 0), cost));
    }

    private static Reservation Try(string tenant = "t", decimal cost = 1m, Budget budget = default) =>
        new("e", tenant, "c", Noon, new CloudUsage(100, 50, 0), cost, budget);
}
