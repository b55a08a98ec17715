using HybridConversations.Inference.KvBlocks;
using HybridConversations.Inference.KvCache;
using HybridConversations.Inference.Tests.Engine;
using HybridConversations.Tests.Common;

namespace HybridConversations.Inference.Tests.KvCache;

public sealed class ParkingTests
{
    private const int IdleSteps = 10;

    [Fact]
    public async Task Who_is_idle_while_others_talk_gives_its_cells_back_and_goes_on_from_host_memory()
    {
        var driver = new CoreDriver(tiers: new KvTierOptions { IdleSteps = IdleSteps });
        await Talk(driver, "idle", new string('a', 600));
        var before = driver.Core.Status.KvCellsUsed;
        await Talk(driver, "talker", "hello", tokens: IdleSteps + 10);

        Assert.Equal(1, driver.Core.Status.ParkedStates);
        Assert.True(driver.Core.Status.KvCellsUsed < before - 500, $"{before} cells before, {driver.Core.Status.KvCellsUsed} after");
        var usage = await Talk(driver, "idle", new string('a', 600) + "b");
        Assert.True(usage.Reused!.Parked >= 600 - KvBlockId.BlockTokens, usage.ToString());
        Assert.InRange(usage.ReadTokens, 1, 3);
    }

    [Fact]
    public async Task At_most_a_block_is_saved_between_two_steps()
    {
        var driver = new CoreDriver(tiers: new KvTierOptions { IdleSteps = IdleSteps });
        await Talk(driver, "idle", new string('a', 600));
        var talker = driver.Submit("hello", 60, "talker");
        var most = 0;
        while (driver.Core.Status.Running + driver.Core.Status.Waiting > 0)
        {
            var saves = driver.Backend.SavedSequences;
            driver.Step();
            most = Math.Max(most, driver.Backend.SavedSequences - saves);
        }

        await talker.Completion;
        Assert.Equal(1, driver.Core.Status.ParkedStates);
        Assert.Equal(1, most);
    }

    /// <summary>Host memory is full, and a prompt needs the cells of a long idle conversation at once: still a block a step, there and back.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    [InlineData(4000)]
    public async Task A_step_moves_at_most_a_block_also_where_memory_is_short(int parkedTokens)
    {
        var driver = new CoreDriver(new() { Cells = 4096 }, tiers: new KvTierOptions { IdleSteps = IdleSteps, ParkedBytes = parkedTokens * 8 });
        await Talk(driver, "first", Text(1, 900));
        await Talk(driver, "talk", "hello", tokens: 40);
        await Talk(driver, "idle", Text(2, 2500));
        var talker = driver.Submit("hello", 120, "talker");
        var big = driver.Submit(Text(3, 1700), 1, "big");
        var back = driver.Submit(Text(2, 2500) + "?", 1, "idle");
        var most = 0;
        while (driver.Core.Status.Running + driver.Core.Status.Waiting > 0)
        {
            var moved = driver.Backend.SavedSequences + driver.Backend.RestoredSequences;
            driver.Step();
            most = Math.Max(most, driver.Backend.SavedSequences + driver.Backend.RestoredSequences - moved);
        }

        Assert.Equal(SimulatedModel.Reply("hello", 120), await CoreDriver.TextOf(talker));
        Assert.Equal(SimulatedModel.Reply(Text(3, 1700), 1), await CoreDriver.TextOf(big));
        Assert.Equal(SimulatedModel.Reply(Text(2, 2500) + "?", 1), await CoreDriver.TextOf(back));
        Assert.True(parkedTokens < 4000 ? most <= 1 : most == 1, $"{most} blocks within one step");
    }

    [Fact]
    public async Task Nobody_leaves_while_nobody_else_talks()
    {
        var driver = new CoreDriver(tiers: new KvTierOptions { IdleSteps = IdleSteps });
        await Talk(driver, "a", new string('a', 600));
        driver.RunToEnd();

        Assert.Equal(0, driver.Core.Status.ParkedStates);
        Assert.Equal(600, (await Talk(driver, "a", new string('a', 600) + "b")).Reused!.Resident);
    }

    [Theory]
    [InlineData(0, 1L << 30)]
    [InlineData(IdleSteps, 0)]
    public async Task Without_it_an_idle_conversation_stays_until_somebody_needs_its_cells(int idleSteps, long parkedBytes)
    {
        var driver = new CoreDriver(tiers: new KvTierOptions { IdleSteps = idleSteps, ParkedBytes = parkedBytes });
        await Talk(driver, "idle", new string('a', 600));
        await Talk(driver, "talker", "hello", tokens: 100);

        Assert.Equal(600, (await Talk(driver, "idle", new string('a', 600) + "b")).Reused!.Resident);
    }

    [Fact]
    public async Task Nobody_parked_leaves_for_an_idle_one()
    {
        var probe = new CoreDriver();
        var perToken = probe.Backend.Info.KvBytesPerToken;
        var driver = new CoreDriver(tiers: new KvTierOptions { IdleSteps = IdleSteps, ParkedBytes = 900 * perToken });
        await Talk(driver, "first", new string('a', 600));
        await Talk(driver, "second", new string('b', 600));
        await Talk(driver, "talker", "hello", tokens: 100);

        Assert.Equal(1, driver.Core.Status.ParkedStates);
        Assert.Equal(600, (await Talk(driver, "second", new string('b', 600) + "c")).Reused!.Resident);
        Assert.True((await Talk(driver, "first", new string('a', 600) + "c")).Reused!.Parked > 400);
    }

    private static string Text(int seed, int length)
    {
        var random = new Random(seed);
        return string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(26))));
    }

    private static async Task<TokenUsage> Talk(CoreDriver driver, string key, string prompt, int tokens = 1)
    {
        var generation = driver.Submit(prompt, tokens, key);
        driver.RunToEnd();
        return (await generation.Completion).Usage;
    }
}
