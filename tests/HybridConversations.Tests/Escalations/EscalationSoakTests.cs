using System.Globalization;
using HybridConversations.Escalations.Ledger;
using HybridConversations.Escalations.Settings;
using HybridConversations.Tests.Common.MisbehavingCloud;

namespace HybridConversations.Tests.Escalations;

/// <summary>Many turns at a cloud that fails one call in three, in every way it knows. <c>HC_CLOUD_SOAK_CALLS</c> sets how many.</summary>
public sealed class EscalationSoakTests
{
    private const int Calls = 2_000;
    private const int Callers = 24;

    private static readonly Misbehaviour[] Failures =
    [
        Misbehaviour.Refuse(500), Misbehaviour.Refuse(502), Misbehaviour.Refuse(503), Misbehaviour.Refuse(401), Misbehaviour.RateLimited(retryAfterMs: "3"),
        Misbehaviour.Cut(0), Misbehaviour.Cut(3), Misbehaviour.None with { EndAfter = 0 }, Misbehaviour.None with { EndAfter = 2, EventIds = true },
        Misbehaviour.Malformed(0), Misbehaviour.Malformed(2), Misbehaviour.WrongContentType, Misbehaviour.Empty, Misbehaviour.NoUsage, Misbehaviour.Filtered(), Misbehaviour.Filtered("No"),
    ];

    [Fact]
    public async Task Every_turn_is_answered_or_clearly_refused_and_the_ledger_is_the_servers()
    {
        var calls = int.TryParse(Environment.GetEnvironmentVariable("HC_CLOUD_SOAK_CALLS"), CultureInfo.InvariantCulture, out var wanted) ? wanted : Calls;
        await using var cloud = await CloudFixture.Start(o => o with
        {
            Limits = new CloudLimits { MaxConcurrent = 16, MaxQueued = 64, QueueMs = 30_000 },
            // A try that this side gives up at its own time-out may have been charged all the same, and is booked so: on a slow machine the two would differ.
            Timeouts = new CloudTimeouts { ConnectMs = 60_000, FirstTokenMs = 120_000, GapMs = 120_000, WholeMs = 600_000 },
            Budgets = new CloudBudgets { Daily = 1_000m, TotalMonthly = 10_000m },
        });
        cloud.Server.Decide = Choose;
        int answered = 0, cut = 0, refused = 0;
        var cost = 0L;

        await Parallel.ForEachAsync(Enumerable.Range(0, calls), new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (i, stop) =>
        {
            var request = CloudFixture.Request($"Question {i}: {new string('?', i % 40)}", tenant: $"tenant-{i % 7}", conversation: $"c{i}");
            try
            {
                var (text, finished) = await cloud.Ask(request, cancellationToken: stop);
                Assert.NotEmpty(text);
                Assert.True(finished.FinishReason is FinishReason.Stop or FinishReason.Cut);
                Assert.Equal(finished.FinishReason == FinishReason.Cut, finished.Note is not null);
                Assert.True(finished.FinishReason == FinishReason.Cut || text == "The cloud has thought about it.");
                Interlocked.Add(ref cost, LedgerMoney.From(finished.Cost));
                Interlocked.Increment(ref finished.FinishReason == FinishReason.Cut ? ref cut : ref answered);
            }
            catch (ProblemException e)
            {
                Assert.Equal(ProblemCodes.CloudFailed, e.Problem.Code);
                Assert.Contains("test-cloud", e.Problem.Detail, StringComparison.Ordinal);
                Interlocked.Increment(ref refused);
            }
        });

        Assert.Equal(calls, answered + cut + refused);
        Assert.True(answered > calls / 2 && cut > 0 && refused > 0, $"{answered} answered, {cut} cut, {refused} refused");
        await Compare(cloud);
        Assert.True(LedgerMoney.ToMoney(cost) <= (await cloud.Ledger.Spent("test-cloud", null, DateTimeOffset.UtcNow)).Today);
        Assert.Equal(0, (await cloud.Escalation.Status("tenant-1")).InFlight);
    }

    /// <summary>Try by try: what the server counted and told is booked exactly, what it could not tell is estimated and marked, what it refused costs nothing.</summary>
    private static async Task Compare(CloudFixture cloud)
    {
        var server = cloud.Server.Calls;
        await Task.WhenAll(server.Select(c => c.Ended)).WaitAsync(TimeSpan.FromSeconds(30));
        var tries = await cloud.Tries();
        Assert.Equal(server.Count, tries.Count);

        var told = server.Where(c => c is { Charged: true, Complete: true, Misbehaviour.Usage: not UsageReport.Never }).ToList();
        var settled = tries.Where(t => t.State == LedgerState.Settled).ToList();
        Assert.Equal((told.Count, told.Sum(c => c.PromptTokens), told.Sum(c => c.CompletionTokens)), (settled.Count, settled.Sum(t => t.Tokens.Input), settled.Sum(t => t.Tokens.Output)));

        var untold = server.Where(c => c.Charged).Except(told).ToList();
        var estimated = tries.Where(t => t.State == LedgerState.Estimated).ToList();
        Assert.Equal(untold.Count, estimated.Count);
        Assert.True(estimated.Sum(t => t.Tokens.Input) >= untold.Sum(c => c.PromptTokens));

        Assert.Equal(server.Count(c => !c.Charged), tries.Count(t => t.State == LedgerState.Released));
        Assert.All(tries, t => Assert.Equal(cloud.Options.Prices.Of(t.Tokens.Input, t.Tokens.Cached, t.Tokens.Output), t.Cost));

        // Totals by day are the sum of the tries, nothing stays reserved, and the tenants add up to all.
        var days = await cloud.Ledger.Days(DateOnly.MinValue, DateOnly.MaxValue);
        Assert.Equal(tries.Sum(t => t.Cost), days.Sum(d => d.Totals.Cost));
        Assert.Equal(tries.Count, days.Sum(d => d.Totals.Tries + d.Totals.Released));
        var all = await cloud.Ledger.Spent("test-cloud", null, DateTimeOffset.UtcNow);
        Assert.Equal((tries.Where(t => t.At.UtcDateTime.Date == DateTime.UtcNow.Date).Sum(t => t.Cost), 0m), (all.Today, all.ReservedToday));
    }

    /// <summary>One call in three fails, which and how by its index alone.</summary>
    private static Misbehaviour Choose(int index)
    {
        var random = new Random(unchecked(index * 7_919));
        return random.Next(3) == 0 ? Failures[random.Next(Failures.Length)] : Misbehaviour.None;
    }
}
