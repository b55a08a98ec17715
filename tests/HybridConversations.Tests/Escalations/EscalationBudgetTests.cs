using HybridConversations.Escalations.Settings;
using HybridConversations.Tests.Common.MisbehavingCloud;

namespace HybridConversations.Tests.Escalations;

public sealed class EscalationBudgetTests
{
    private static readonly CloudPrices TenthACall = new() { Output = 1_000m };

    /// <summary>100 tokens at 1,000 a million: a call may cost 0.1, and costs 0.006.</summary>
    private static CloudOptions Cheap(CloudOptions options, CloudBudgets budgets) => options with { MaxOutputTokens = 100, Prices = TenthACall, Budgets = budgets };

    [Fact]
    public async Task A_budget_of_the_day_is_spent_and_begins_anew()
    {
        var time = new ManualTime();
        await using var cloud = await CloudFixture.Start(o => Cheap(o, new CloudBudgets { Daily = 0.11m }), time);
        await cloud.Ask();
        await cloud.Ask();

        var problem = await cloud.Fail();

        Assert.Equal((ProblemCodes.BudgetSpent, 402), (problem.Code, problem.Status));
        Assert.Equal(12 * 3_600_000, problem.RetryAfterMs);
        Assert.Contains("0.012 of 0.11 USD today", problem.Detail, StringComparison.Ordinal);
        Assert.Equal(2, cloud.Server.Calls.Count);
        var status = await cloud.Escalation.Status("default");
        Assert.Equal((false, 0.012m, 0.012m), (status.Available, status.SpentToday, status.SpentThisMonth));

        time.Advance(TimeSpan.FromHours(12));
        await cloud.Ask();
        status = await cloud.Escalation.Status("default");
        Assert.Equal((true, 0.006m, 0.018m), (status.Available, status.SpentToday, status.SpentThisMonth));
    }

    [Fact]
    public async Task A_budget_of_the_month_outlives_the_day()
    {
        var time = new ManualTime();
        await using var cloud = await CloudFixture.Start(o => Cheap(o, new CloudBudgets { Monthly = 0.105m }), time);
        await cloud.Ask();
        time.Advance(TimeSpan.FromDays(2));

        var problem = await cloud.Fail();

        Assert.Contains("this month", problem.Detail, StringComparison.Ordinal);
        Assert.Contains("2026-04-01 00:00 UTC", problem.Detail, StringComparison.Ordinal);
        Assert.False((await cloud.Escalation.Status("default")).Available);
        time.Advance(TimeSpan.FromDays(16));
        await cloud.Ask();
    }

    [Fact]
    public async Task Each_tenant_has_its_own_and_all_have_one_together()
    {
        var budgets = new CloudBudgets
        {
            Daily = 0.11m,
            TotalDaily = 0.121m,
            Tenants = new Dictionary<string, TenantBudget> { ["rich"] = new TenantBudget(5m, null), ["none"] = new TenantBudget(0m, null) },
        };
        await using var cloud = await CloudFixture.Start(o => Cheap(o, budgets));

        Assert.Equal(ProblemCodes.BudgetSpent, (await cloud.Fail(CloudFixture.Request(tenant: "none"))).Code);
        await cloud.Ask(CloudFixture.Request(tenant: "a"));
        await cloud.Ask(CloudFixture.Request(tenant: "a"));
        Assert.StartsWith("The tenant has", (await cloud.Fail(CloudFixture.Request(tenant: "a"))).Detail, StringComparison.Ordinal);
        await cloud.Ask(CloudFixture.Request(tenant: "b"));
        await cloud.Ask(CloudFixture.Request(tenant: "rich"));
        var problem = await cloud.Fail(CloudFixture.Request(tenant: "rich"));

        Assert.StartsWith("All tenants together have", problem.Detail, StringComparison.Ordinal);
        Assert.False((await cloud.Escalation.Status("rich")).Available);
        Assert.Equal(4, cloud.Server.Calls.Count);
    }

    [Fact]
    public async Task A_budget_holds_however_many_ask_at_once()
    {
        var budgets = new CloudBudgets { Daily = 1m };
        await using var cloud = await CloudFixture.Start(o => Cheap(o, budgets) with { Limits = new CloudLimits { MaxConcurrent = 64, MaxQueued = 1_000, QueueMs = 30_000 } });

        // The dearest answer that the reservation allows, so that every reservation is used up.
        cloud.Server.Otherwise = Misbehaviour.Answer([.. Enumerable.Repeat("x", 100)]);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 60).Select(async _ =>
        {
            try
            {
                return (await cloud.Ask()).Finished.Cost;
            }
            catch (ProblemException e)
            {
                Assert.Equal(ProblemCodes.BudgetSpent, e.Problem.Code);
                return 0m;
            }
        }));

        Assert.Equal(1m, outcomes.Sum());
        Assert.Equal(10, cloud.Server.Calls.Count);
        Assert.Equal(1m, (await cloud.Escalation.Status("default")).SpentToday);
    }

    [Fact]
    public async Task What_a_failed_call_had_reserved_is_free_again()
    {
        await using var cloud = await CloudFixture.Start(o => Cheap(o, new CloudBudgets { Daily = 0.1m }));
        cloud.Server.Next(Misbehaviour.Refuse(401), Misbehaviour.Refuse(400));
        await cloud.Fail();
        await cloud.Fail();

        await cloud.Ask();

        Assert.Equal(0.006m, (await cloud.Ledger.Spent("test-cloud", "default", DateTimeOffset.UtcNow)).Today);
    }
}
