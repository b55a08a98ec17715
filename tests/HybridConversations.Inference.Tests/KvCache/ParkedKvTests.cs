using HybridConversations.Inference.KvBlocks;
using HybridConversations.Inference.KvCache;
using HybridConversations.Inference.Tests.Engine;
using HybridConversations.Tests.Common;

namespace HybridConversations.Inference.Tests.KvCache;

public sealed class ParkedKvTests
{
    /// <summary>Room for the parked state, but not for it and those that leave for its return.</summary>
    [Theory]
    [InlineData(560)]
    [InlineData(620)]
    [InlineData(700)]
    [InlineData(780)]
    public async Task A_state_that_is_coming_back_is_neither_dropped_nor_overwritten_by_those_that_leave_for_it(int parkedTokens)
    {
        var driver = new CoreDriver(new() { Cells = 900, MaxSequences = 8 }, new() { GrowthReserve = 8 }, new KvTierOptions { ParkedBytes = (parkedTokens * 8L) + 400, IdleSteps = 0 });
        await Say(driver, "a", Text(1, 500));
        await Say(driver, "b", Text(2, 290));
        await Say(driver, "c", Text(3, 290)); // a is parked
        await Say(driver, "d", Text(4, 250));

        var own = driver.Submit(Text(1, 500) + "more", 8, "a");
        driver.RunToEnd();
        Assert.Equal(SimulatedModel.Reply(Text(1, 500) + "more", 8), await CoreDriver.TextOf(own));
        var slot = driver.Core.Kv.Find("a")!;
        Assert.Equal(slot.Tokens.ToArray(), driver.Backend.TokensOf(slot.Id));
    }

    [Fact]
    public void A_block_that_is_held_keeps_its_bytes_whoever_rents_memory_meanwhile()
    {
        var memory = new HostMemory(10_000, 1000);
        var first = Block(memory, fill: 1);
        first.AddReference(); // by whoever restores it
        first.Release(); // by the tier that drops it
        for (var i = 0; i < 9; i++)
        {
            Block(memory, fill: 2).Release();
        }

        Assert.True(first.IsIntact());
        first.Release();
        Assert.False(first.IsIntact());
        Assert.Throws<InvalidOperationException>(first.AddReference);
    }

    [Fact]
    public void A_block_whose_bytes_or_tokens_are_others_is_not_restored()
    {
        using var backend = new SimulatedBackend();
        var kv = new ResidentKv(backend);
        var transfer = new KvTransfer(backend, kv, new HostMemory(1 << 20, 1064));
        var slot = kv.TakeEmpty("a")!;
        var batch = new Inference.Backends.TokenBatch(64);
        for (var i = 0; i < 64; i++)
        {
            batch.Add('a' + (i % 26), i, slot.Id, wantsLogits: false);
        }

        backend.Decode(batch);
        foreach (var token in batch.Tokens)
        {
            kv.Append(slot, token);
        }

        var block = transfer.Save(slot, KvBlockId.Chain(slot.Tokens)[0], 0, 64)!;
        int[] tokens = slot.Tokens.ToArray();
        int[] others = [.. tokens[..40], 'X', .. tokens[41..]];
        kv.Evict(slot);

        var target = kv.TakeEmpty("b")!;
        Assert.False(transfer.Restore(target, block, others, 64));
        Assert.Equal(0, target.Count);
        Assert.True(transfer.Restore(target, block, others, 40), "The first forty are the same.");
        Assert.Equal(tokens[..40], backend.TokensOf(target.Id));

        kv.Truncate(target, 0);
        System.Runtime.InteropServices.MemoryMarshal.AsMemory(block.Bytes).Span[70] ^= 1;
        Assert.False(transfer.Restore(target, block, tokens, 64));
        Assert.Equal(0, backend.UsedCells);
    }

    [Fact]
    public async Task States_of_the_same_prompt_without_a_conversation_do_not_pile_up()
    {
        var driver = new CoreDriver(tiers: new KvTierOptions { IdleSteps = 4 });
        for (var i = 0; i < 400; i++)
        {
            await Say(driver, null, "the same question as always, of more than thirty-two tokens", 12);
            await Say(driver, null, "another one that never changes either, and is long enough too", 12);
        }

        Assert.InRange(driver.Core.Status.ParkedStates, 0, 4);
    }

    [Fact]
    public void States_without_a_conversation_are_few_and_age()
    {
        var memory = new HostMemory(1 << 20, 1000);
        var parked = new ParkedKv(1 << 20);
        for (var i = 0; i < 2 * ParkedKv.MaxUnowned; i++)
        {
            parked.Add(Image(memory, null, i), nowMs: i);
        }

        parked.Add(Image(memory, "owned", -1), nowMs: 0);
        Assert.Equal(ParkedKv.MaxUnowned + 1, parked.Count);

        parked.Add(Image(memory, "other", -2), nowMs: 3_600_000);
        Assert.Equal(2, parked.Count);
        parked.Clear();
        Assert.Equal(0, parked.Bytes);
    }

    [Fact]
    public async Task Host_memory_is_what_it_says()
    {
        const long Limit = 40_000;
        var driver = new CoreDriver(new() { Cells = 2000 }, tiers: new KvTierOptions { IdleSteps = 4, ParkedBytes = Limit });
        for (var i = 0; i < 60; i++)
        {
            var generation = driver.Submit(Text(i, 300 + (7 * i)), 6, $"c{i % 20}");
            while (driver.Step())
            {
                Assert.InRange(driver.Core.Status.HostBytes, driver.Core.Status.ParkedBytes, Limit);
            }

            await generation.Completion;
        }

        Assert.True(driver.Core.Status.ParkedBytes > Limit / 2, $"{driver.Core.Status}");
    }

    [Fact]
    public async Task A_state_that_was_left_before_it_was_whole_again_does_not_replace_the_whole_one()
    {
        var driver = new CoreDriver(new() { Cells = 1200, MaxSequences = 4 }, tiers: new KvTierOptions { IdleSteps = 0 });
        await Say(driver, "a", Text(1, 1000));
        await Say(driver, "b", Text(2, 1000));
        var left = driver.Submit(Text(1, 1000) + "?", 8, "a");
        while (driver.Core.Kv.Find("a") is not { Count: > 0 })
        {
            driver.Step();
        }

        left.Cancel();
        driver.RunToEnd();
        Assert.InRange(driver.Core.Kv.Find("a")!.Count, 1, 900);
        await Say(driver, "c", Text(3, 1150));
        Assert.Null(driver.Core.Kv.Find("a"));
        Assert.True((await Say(driver, "a", Text(1, 1000) + "!")).Reused!.Parked >= 900);
    }

    private static KvBlock Block(HostMemory memory, byte fill)
    {
        var buffer = memory.TryRent(1000)!;
        buffer.AsSpan().Fill(fill);
        return new KvBlock(default, 0, [1], buffer, buffer.Length, memory);
    }

    private static KvImage Image(HostMemory memory, string? key, int token)
    {
        int[] tokens = [.. Enumerable.Repeat(token, 40)];
        return new KvImage(key, tokens, KvLineage.Clean, [new KvBlock(KvBlockId.Chain(tokens)[0], 0, tokens, memory.TryRent(100)!, 100, memory)], []) { Settled = 40 };
    }

    private static async Task<TokenUsage> Say(CoreDriver driver, string? key, string prompt, int tokens = 1)
    {
        var generation = driver.Submit(prompt, tokens, key);
        driver.RunToEnd();
        Assert.Equal(SimulatedModel.Reply(prompt, tokens), await CoreDriver.TextOf(generation));
        return (await generation.Completion).Usage;
    }

    private static string Text(int seed, int length)
    {
        var random = new Random(seed);
        return string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(26))));
    }
}
