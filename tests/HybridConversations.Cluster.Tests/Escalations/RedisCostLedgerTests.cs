using HybridConversations.Cluster.Tests.Processes;
using HybridConversations.Escalations.Endpoints;
using HybridConversations.Escalations.Ledger;
using HybridConversations.Orleans.Escalations;
using HybridConversations.Tests.Escalations.Ledger;
using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;

namespace HybridConversations.Cluster.Tests.Escalations;

/// <summary>The fleet's ledger over a real Redis.</summary>
public sealed class RedisCostLedgerTests : CostLedgerContract, IAsyncLifetime
{
    private readonly AheadTime _time = new();
    private RedisServer? _redis;
    private ConnectionMultiplexer? _connection;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_connection is not null)
        {
            await _connection.DisposeAsync();
        }

        _redis?.Dispose();
    }

    [SkippableFact]
    public async Task Several_processes_keep_one_budget_to_the_last_unit()
    {
        var ledgers = new[] { await Open(), await Open(), await Open() };
        var budget = new Budget(null, null, null, 1m);
        var results = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => Task.Run(async () =>
        {
            var ledger = ledgers[i % 3];
            var result = await ledger.Reserve(Try(tenant: $"t{i % 7}", cost: 0.03m, budget: budget));
            if (result.Refusal is null && i % 2 == 0)
            {
                await ledger.Settle(result.Id, new Settlement(LedgerState.Settled, "completed", new CloudUsage(1, 1, 0), 0.03m));
            }

            return result;
        })));

        Assert.Equal(33, results.Count(result => result.Refusal is null));
        var spent = await ledgers[0].Spent("e", null, Noon);
        Assert.Equal(0.99m, spent.Today + spent.ReservedToday);
        Assert.Equal(spent.Today, (await ledgers[1].Days(Today, Today)).Sum(day => day.Totals.Cost));
    }

    [SkippableFact]
    public async Task What_the_dead_had_reserved_counts_and_is_booked_at_its_worst_case_when_its_lease_is_over()
    {
        var dead = await Open();
        var id = (await dead.Reserve(Try(cost: 0.25m) with { At = _time.GetUtcNow() })).Id;
        var next = await Open();
        Assert.Equal(0.25m, (await next.Spent("e", "t", _time.GetUtcNow())).ReservedToday);
        Assert.NotNull((await next.Reserve(Try(cost: 0.8m, budget: new Budget(1m, null, null, null)) with { At = _time.GetUtcNow() })).Refusal);

        _time.Ahead = TimeSpan.FromMinutes(4);
        await next.Reserve(Try(tenant: "other") with { At = _time.GetUtcNow() });

        Assert.Equal((0.25m, 0m), ((await next.Spent("e", "t", _time.GetUtcNow())).Today, (await next.Spent("e", "t", _time.GetUtcNow())).ReservedToday));
        var recovered = Assert.Single(await next.Tries(10), tried => tried.State == LedgerState.Recovered);
        Assert.Equal((id, "t", 0.25m, new CloudUsage(100, 50, 0)), (recovered.Id, recovered.Tenant, recovered.Cost, recovered.Tokens));

        // It was not dead after all: what is booked stays booked, once.
        Assert.Null(await dead.Settle(id, new Settlement(LedgerState.Settled, "completed", new CloudUsage(1, 1, 0), 0.1m)));
        Assert.Equal(0.25m, (await next.Spent("e", "t", _time.GetUtcNow())).Today);
    }

    [SkippableFact]
    public async Task What_cannot_be_settled_while_Redis_is_away_is_settled_when_it_is_back()
    {
        var ledger = await Open();
        var id = (await ledger.Reserve(Try(cost: 0.5m))).Id;
        _redis!.Stop();
        Assert.Null(await ledger.Settle(id, new Settlement(LedgerState.Settled, "completed", new CloudUsage(7, 2, 1), 0.125m)));
        var refused = await Assert.ThrowsAsync<ProblemException>(async () => await ledger.Reserve(Try()));
        Assert.Equal(ProblemCodes.Storage, refused.Problem.Code);

        await _redis.StartAgain();

        await Eventually.Holds(
            async () =>
            {
                try
                {
                    return await ledger.Spent("e", "t", Noon) == new Spending(0.125m, 0.125m, 0, 0);
                }
                catch (ProblemException)
                {
                    return false; // not connected again yet
                }
            },
            () => "what was owed is booked, and nothing else");
        Assert.Equal((LedgerState.Settled, 0.125m), ((await ledger.Tries(10)).Single().State, (await ledger.Tries(10)).Single().Cost));
    }

    [SkippableFact]
    public async Task Nothing_in_Redis_tells_whose_conversation_paid()
    {
        var ledger = await Open();
        await Spend(ledger, Try(), 0.5m);
        await ledger.Reserve(Try());
        var server = _connection!.GetServers()[0];
        var keys = server.Keys(pattern: "*").Select(key => key.ToString()).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(["books/ledger/endpoints", "books/ledger/{e}/2026-03", "books/ledger/{e}/leases", "books/ledger/{e}/open", "books/ledger/{e}/tries"], keys);
        var row = (string?)await _connection.GetDatabase().ListGetByIndexAsync("books/ledger/{e}/tries", 0);
        Assert.Equal(["at", "cost", "endpoint", "id", "outcome", "state", "tenant", "tokens"],
            System.Text.Json.JsonDocument.Parse(row!).RootElement.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal));
    }

    protected override async Task<ICostLedger> Open()
    {
        _redis ??= await RedisServer.Start();
        _connection ??= await ConnectionMultiplexer.ConnectAsync($"{_redis.Endpoint},abortConnect=false,connectTimeout=1000,asyncTimeout=1000,syncTimeout=1000");
        return new RedisCostLedger(() => Task.FromResult<IConnectionMultiplexer>(_connection), "books", _time, NullLogger<RedisCostLedger>.Instance);
    }

    /// <summary>The system's time, or some time later.</summary>
    private sealed class AheadTime : TimeProvider
    {
        public TimeSpan Ahead { get; set; }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Ahead;
    }
}
