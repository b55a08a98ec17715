using HybridConversations.Inference.Snapshots;
using HybridConversations.Tests.Common;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Inference.Tests.Engine;

/// <summary>What those cost who wait.</summary>
public sealed class WaitingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task While_the_head_of_the_queue_waits_nothing_about_it_is_looked_up_again()
    {
        var driver = new CoreDriver(new() { Cells = 1000, Next = held => 'a' + (held.Count % 26) }, new() { GrowthReserve = 8 });
        var talker = driver.Submit("hello", 400, "talker");
        driver.Step();
        var waiting = driver.Submit(Text(1, 990), 1, "waiting");
        driver.Step();
        Assert.Equal(1, driver.Core.Status.Waiting);

        var lookUps = driver.Core.LookUps;
        for (var i = 0; i < 40; i++)
        {
            Assert.True(driver.Step());
        }

        Assert.Equal(1, driver.Core.Status.Waiting);
        Assert.Equal(lookUps, driver.Core.LookUps);
        driver.RunToEnd();
        Assert.True(talker.Completion.IsCompletedSuccessfully && waiting.Completion.IsCompletedSuccessfully);
        Assert.InRange((await waiting.Completion).Usage.CompletionTokens, 0, 1);
    }

    [Fact]
    public async Task Who_waits_holds_nothing_and_what_several_share_comes_from_disk_once()
    {
        const int Shared = 512;
        const int Count = 40;
        await using (var store = Open())
        {
            var first = new CoreDriver(new() { Cells = 8192, TrainedContext = 8192 }, tiers: new() { SnapshotDelayMs = 0 }, store: store);
            for (var i = 0; i < Count; i++)
            {
                first.Submit(Text(99, Shared) + Text(i, 100), 1, $"c{i}");
                first.RunToEnd();
            }

            await store.Flush();
        }

        await using var again = Open();
        var driver = new CoreDriver(new() { Cells = 2000 }, new() { MaxRunning = 2 }, new() { SnapshotDelayMs = 60_000, IdleSteps = 0 }, again);
        var all = Enumerable.Range(0, Count).Select(i => driver.Submit(Text(99, Shared) + Text(i, 100) + "?", 1, $"c{i}")).ToArray();
        driver.Step();
        // Two may run, and one of them comes back at a time: four blocks are asked for, however many wait.
        Assert.InRange(driver.Core.Status.HostBytes, 1, 5 * 1100);
        driver.RunToEnd();

        for (var i = 0; i < Count; i++)
        {
            Assert.Equal(SimulatedModel.Reply(Text(99, Shared) + Text(i, 100) + "?", 1), await CoreDriver.TextOf(all[i]));
            var reused = (await all[i].Completion).Usage.Reused!;
            Assert.True(i == 0 ? reused.Snapshot > Shared : reused.Snapshot <= 128 && reused.SharedPrefix >= Shared, $"{i}: {reused}");
        }
    }

    [Fact]
    public async Task A_prompt_that_needs_the_whole_memory_comes_in_once_it_is_alone()
    {
        var driver = new CoreDriver(new() { Cells = 500 });
        var other = driver.Submit("hello", 20);
        var big = driver.Submit(Text(1, 480), 100);
        driver.RunToEnd();

        Assert.Equal(SimulatedModel.Reply("hello", 20), await CoreDriver.TextOf(other));
        Assert.StartsWith(await CoreDriver.TextOf(big), SimulatedModel.Reply(Text(1, 480), 100), StringComparison.Ordinal);
    }

    private SnapshotStore Open() => new(_folder.Path, "layout", 1 << 30, NullLogger.Instance);

    private static string Text(int seed, int length)
    {
        var random = new Random(seed);
        return string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(26))));
    }
}
