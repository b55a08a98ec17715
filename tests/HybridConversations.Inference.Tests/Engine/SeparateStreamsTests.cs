using HybridConversations.Inference.KvCache;
using HybridConversations.Tests.Common;

namespace HybridConversations.Inference.Tests.Engine;

/// <summary>The engine where each sequence has cells of its own.</summary>
public sealed class SeparateStreamsTests
{
    [Fact]
    public async Task Those_who_run_follow_each_other_by_number_whoever_lies_idle_between_them()
    {
        var driver = Driver(sequences: 9, running: 8);
        for (var i = 0; i < 8; i++)
        {
            driver.Submit($"conversation {i} {new string('x', 40)}", 5, key: $"c{i}");
        }

        driver.RunToEnd();
        var (together, before) = (0, driver.Backend.Swaps);
        driver.Backend.BeforeDecode = batch =>
        {
            int[] ids = [.. batch.Sequences.ToArray().Distinct()];
            Assert.Equal(ids.Order(), ids);
            together += ids.Length == 3 && ids[2] == ids[0] + 2 ? 1 : 0;
        };
        var prompts = new[] { 0, 3, 7 }.Select(i => $"conversation {i} {new string('x', 40)}{SimulatedModel.Reply($"conversation {i} {new string('x', 40)}", 5)} more").ToArray();
        var generations = prompts.Select((prompt, n) => driver.Submit(prompt, 30, key: $"c{new[] { 0, 3, 7 }[n]}")).ToArray();
        driver.RunToEnd();

        Assert.InRange(driver.Backend.Swaps - before, 1, 2);
        Assert.True(together >= 25, $"{together} steps had all three together");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(SimulatedModel.Reply(prompts[i], 30), await CoreDriver.TextOf(generations[i]));
            Assert.Equal(prompts[i].Length - 5, (await generations[i].Completion).Usage.Reused!.Resident);
        }
    }

    [Fact]
    public async Task Idle_conversations_keep_their_cells_until_no_slot_is_empty()
    {
        var driver = Driver(sequences: 5, running: 2, tiers: new KvTierOptions { IdleSteps = 1 });
        for (var i = 0; i < 3; i++)
        {
            driver.Submit(Long(i), 40, key: $"c{i}");
            driver.RunToEnd();
        }

        Assert.Equal(0, driver.Core.Status.ParkedStates);
        driver.Submit(Long(3), 40, key: "c3");
        driver.RunToEnd();

        Assert.Equal(1, driver.Core.Status.ParkedStates);
        Assert.True(driver.Core.Kv.HasEmpty);
        Assert.Null(driver.Core.Kv.Find("c0"));
        var back = driver.Submit(Long(0), 10, key: "c0");
        driver.RunToEnd();
        Assert.Equal(SimulatedModel.Reply(Long(0), 10), await CoreDriver.TextOf(back));
        Assert.Equal(Long(0).Length - 1, (await back.Completion).Usage.Reused!.Parked);

        static string Long(int i) => $"{i}{new string((char)('a' + i), 300)}";
    }

    [Fact]
    public async Task A_beginning_that_another_holds_is_copied()
    {
        var driver = Driver(sequences: 5, running: 3);
        var system = new string('s', 200);
        driver.Submit(system + "one", 10, key: "a");
        driver.RunToEnd();
        var used = driver.Core.Kv.Cells.Used;
        var second = driver.Submit(system + "two", 10, key: "b");
        driver.RunToEnd();

        Assert.Equal(SimulatedModel.Reply(system + "two", 10), await CoreDriver.TextOf(second));
        Assert.Equal((200, 3), ((await second.Completion).Usage.Reused!.SharedPrefix, (await second.Completion).Usage.ReadTokens));
        Assert.Equal(2 * used, driver.Core.Kv.Cells.Used);
        Assert.Equal(driver.Backend.UsedCells, driver.Core.Kv.Cells.Used);
    }

    [Fact]
    public async Task A_reply_ends_where_its_cells_end_and_nobody_else_notices()
    {
        var driver = new CoreDriver(new() { Cells = 4 * 256, MaxSequences = 4, Separate = true, Next = history => 'a' + (history.Count % 26) }, new() { MaxRunning = 3 });
        var whole = driver.Submit(new string('w', 200), 1000);
        var other = driver.Submit("beside it", 240);
        driver.RunToEnd();

        Assert.Equal(56, (await CoreDriver.TextOf(whole)).Length);
        Assert.Equal(FinishReason.Length, (await whole.Completion).FinishReason);
        Assert.Equal(240, (await CoreDriver.TextOf(other)).Length);
    }

    private static CoreDriver Driver(int sequences, int running, int cells = 1000, KvTierOptions? tiers = null) =>
        new(new() { Cells = cells * sequences, MaxSequences = sequences, Separate = true }, new() { MaxRunning = running }, tiers);
}
