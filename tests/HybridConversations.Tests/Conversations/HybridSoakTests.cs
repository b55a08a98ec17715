using System.Globalization;
using HybridConversations.Conversations;
using HybridConversations.Escalations.Ledger;
using HybridConversations.Escalations.Settings;
using HybridConversations.InProcess;
using HybridConversations.Storage;
using HybridConversations.Tests.Common;
using HybridConversations.Tests.Common.MisbehavingCloud;
using HybridConversations.Tests.Escalations;

namespace HybridConversations.Tests.Conversations;

/// <summary>Whole turns at a cloud of which one call in three fails. <c>HC_CLOUD_SOAK_CALLS</c> sets how many.</summary>
public sealed class HybridSoakTests
{
    private const int Turns = 1_200;
    private const int Talkers = 24;

    private static readonly Misbehaviour[] Failures =
    [
        Misbehaviour.Refuse(500), Misbehaviour.Refuse(401), Misbehaviour.Refuse(503), Misbehaviour.RateLimited(retryAfterMs: "3"), Misbehaviour.Cut(0), Misbehaviour.Cut(3),

        // A connection that is aborted (Cut) may take along all that had been written; one that ends does not.
        new() { EndAfter = 3 }, Misbehaviour.Malformed(0), Misbehaviour.WrongContentType, Misbehaviour.Empty, Misbehaviour.NoUsage,
    ];

    [Fact]
    public async Task Every_turn_is_answered_or_clearly_refused_and_the_ledger_is_what_the_server_counted()
    {
        var turns = int.TryParse(Environment.GetEnvironmentVariable("HC_CLOUD_SOAK_CALLS"), CultureInfo.InvariantCulture, out var wanted) ? wanted : Turns;
        using var folder = new TemporaryFolder();
        await using var store = SqliteConversationStore.OpenFolder(new SqliteStoreOptions { Folder = folder.Path }, TimeProvider.System);
        await using var cloud = await CloudFixture.Start(o => o with
        {
            Limits = new CloudLimits { MaxConcurrent = 16, MaxQueued = 64, QueueMs = 60_000 },
            Timeouts = new CloudTimeouts { ConnectMs = 60_000, FirstTokenMs = 120_000, GapMs = 120_000, WholeMs = 600_000 },
            Breaker = new CloudBreaker { MinimumTries = 100_000 },
        });
        cloud.Server.Decide = index => new Random(unchecked(index * 7_919)) is var random && random.Next(3) == 0 ? Failures[random.Next(Failures.Length)] : Misbehaviour.None;
        var device = new ScriptedDevice { Script = _ => ["From the device."] };
        await using var conversations = new InProcessConversations(store, new ConversationServices
        {
            Devices = new SingleDevicePicker(device),
            Memories = new SingleDeviceMemory(device),
            Router = new FixedRouter(RouteTarget.Cloud),
            Escalations = new SingleEscalationPicker(cloud.Escalation),
        });
        var (byCloud, cut, byDevice, refused) = (0, 0, 0, 0);

        await Parallel.ForEachAsync(Enumerable.Range(0, Talkers), new ParallelOptions { MaxDegreeOfParallelism = Talkers }, async (talker, stop) =>
        {
            for (var i = talker; i < turns; i += Talkers)
            {
                var turn = new Turn { TurnId = $"t{i}", Text = $"Question {i}", AllowFallback = i % 4 != 0 };
                var events = await conversations.Get($"c{talker}").Say(turn, stop).ToList();
                switch (events.Last())
                {
                    case ReplyCompleted { Text: "From the device." }:
                        Assert.Equal((RouteTarget.Local, "cloud-failed", true), events.OfType<ReplyRouted>().Last() is var said ? (said.Target, said.Policy, turn.AllowFallback) : default);
                        Interlocked.Increment(ref byDevice);
                        break;
                    case ReplyCompleted { Text: "The cloud has thought about it." }:
                        Interlocked.Increment(ref byCloud);
                        break;
                    case ReplyCompleted { FinishReason: FinishReason.Cut } partial:
                        Assert.StartsWith(partial.Text, "The cloud has thought about it.", StringComparison.Ordinal);
                        Interlocked.Increment(ref cut);
                        break;
                    case ReplyFailed { Problem: var problem }:
                        Assert.Equal((ProblemCodes.CloudFailed, false), (problem.Code, turn.AllowFallback));
                        Interlocked.Increment(ref refused);
                        break;
                    case var other:
                        Assert.Fail($"{turn.TurnId} ended with {other}");
                        break;
                }
            }
        });

        Assert.Equal(turns, byCloud + cut + byDevice + refused);
        Assert.True(byCloud > turns / 2 && cut > 0 && byDevice > 0 && refused > 0, $"{byCloud} cloud, {cut} cut, {byDevice} device, {refused} refused");
        await Task.WhenAll(cloud.Server.Calls.Select(c => c.Ended)).WaitAsync(TimeSpan.FromSeconds(60));
        var tries = await cloud.Tries();
        var told = cloud.Server.Calls.Where(c => c is { Charged: true, Complete: true, Misbehaviour.Usage: not UsageReport.Never }).ToList();
        var settled = tries.Where(t => t.State == LedgerState.Settled).ToList();
        Assert.Equal(cloud.Server.Calls.Count, tries.Count);
        Assert.Equal(
            (told.Count, told.Sum(c => c.PromptTokens), told.Sum(c => c.CompletionTokens)),
            (settled.Count, settled.Sum(t => t.Tokens.Input), settled.Sum(t => t.Tokens.Output)));
        Assert.Equal(cloud.Server.Calls.Count(c => !c.Charged), tries.Count(t => t.State == LedgerState.Released));
        Assert.Equal(0m, (await cloud.Ledger.Spent("test-cloud", null, DateTimeOffset.UtcNow)).ReservedToday);
    }
}
