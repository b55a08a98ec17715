using HybridConversations.Inference.Engine;
using HybridConversations.Tests.Common;

namespace HybridConversations.Inference.Tests.Engine;

public sealed class EngineCoreTests
{
    [Fact]
    public async Task A_reply_is_what_the_model_says()
    {
        var driver = new CoreDriver();
        var generation = driver.Submit("hello there", 30);
        driver.RunToEnd();

        Assert.Equal(SimulatedModel.Reply("hello there", 30), await CoreDriver.TextOf(generation));
        var result = await generation.Completion;
        Assert.Equal(11, result.Usage.PromptTokens);
        Assert.Equal(0, result.Usage.ReusedTokens);
        Assert.True(result.Timings.FirstTokenMs > 0 && result.Timings.TotalMs >= result.Timings.FirstTokenMs);
    }

    [Fact]
    public async Task Generations_at_once_do_not_disturb_each_other()
    {
        var driver = new CoreDriver(new() { MaxSequences = 32 });
        var prompts = Enumerable.Range(0, 24).Select(i => $"prompt number {i} {new string('x', i * 13)}").ToArray();
        var generations = prompts.Select(p => driver.Submit(p, 40)).ToArray();
        driver.RunToEnd();

        for (var i = 0; i < prompts.Length; i++)
        {
            Assert.Equal(SimulatedModel.Reply(prompts[i], 40), await CoreDriver.TextOf(generations[i]));
        }
    }

    [Fact]
    public async Task A_conversation_reads_only_what_is_new()
    {
        var driver = new CoreDriver();
        var first = driver.Submit("once upon a time", 10, key: "c");
        driver.RunToEnd();
        var reply = await CoreDriver.TextOf(first);

        var prompt = "once upon a time" + reply + " and then";
        var second = driver.Submit(prompt, 10, key: "c");
        driver.RunToEnd();

        Assert.Equal(SimulatedModel.Reply(prompt, 10), await CoreDriver.TextOf(second));
        var usage = (await second.Completion).Usage;
        // The last sampled token was never computed, nor is the new text.
        Assert.Equal(" and then".Length + 1, usage.ReadTokens);
        Assert.Equal(usage.PromptTokens - usage.ReadTokens, usage.Reused!.Resident);
    }

    [Fact]
    public async Task A_common_prefix_is_read_once_and_takes_its_cells_once()
    {
        var driver = new CoreDriver(new() { Cells = 1200, MaxSequences = 32 }, new() { GrowthReserve = 16 });
        var system = new string('s', 600);
        driver.Submit(system + "something else to say", 1);
        driver.RunToEnd();
        var generations = Enumerable.Range(0, 12).Select(i => driver.Submit($"{system}question {i:00}", 8, key: $"c{i}")).ToArray();
        driver.RunToEnd();

        for (var i = 0; i < generations.Length; i++)
        {
            var usage = (await generations[i].Completion).Usage;
            Assert.InRange(usage.Reused!.SharedPrefix, 600, 620);
            Assert.Equal(SimulatedModel.Reply($"{system}question {i:00}", 8), await CoreDriver.TextOf(generations[i]));
        }

        Assert.Equal(driver.Backend.UsedCells, driver.Core.Kv.Cells.Used);
        Assert.True(driver.Backend.UsedCells < 600 + (13 * 32), $"{driver.Backend.UsedCells} cells");
    }

    [Fact]
    public async Task Short_of_memory_everything_is_still_answered()
    {
        var driver = new CoreDriver(new() { Cells = 200, MaxSequences = 8 }, new() { MaxRunning = 8, GrowthReserve = 4 });
        var prompts = Enumerable.Range(0, 8).Select(i => new string((char)('a' + i), 20)).ToArray();
        var generations = prompts.Select((p, i) => driver.Submit(p, 60, key: $"c{i}")).ToArray();
        driver.RunToEnd();

        for (var i = 0; i < prompts.Length; i++)
        {
            Assert.Equal(SimulatedModel.Reply(prompts[i], 60), await CoreDriver.TextOf(generations[i]));
        }
    }

    [Fact]
    public async Task Cancelling_frees_the_sequence_within_one_step()
    {
        var driver = new CoreDriver(new() { Next = _ => 'x' });
        var generation = driver.Submit("talk", 1000);
        for (var i = 0; i < 5; i++)
        {
            Assert.True(driver.Core.Step());
        }

        generation.Cancel();
        Assert.False(driver.Core.Step());
        Assert.Equal(FinishReason.Interrupted, (await generation.Completion).FinishReason);
        Assert.Equal(5, (await CoreDriver.TextOf(generation)).Length);
        Assert.Equal(0, driver.Core.Status.Running);
    }

    [Fact]
    public async Task A_stop_string_ends_the_reply_before_it()
    {
        var text = "the quick brown fox";
        var driver = new CoreDriver(new() { Next = held => text[held.Count - 2] });
        var generation = driver.Submit("ab", 100, stop: ["own f"]);
        driver.RunToEnd();

        Assert.Equal("the quick br", await CoreDriver.TextOf(generation));
        Assert.Equal(FinishReason.Stop, (await generation.Completion).FinishReason);
    }

    [Fact]
    public async Task A_held_back_beginning_of_a_stop_string_is_handed_out_at_the_end()
    {
        var text = "abcdef";
        var driver = new CoreDriver(new() { Next = held => text[held.Count - 1] });
        var generation = driver.Submit("p", 6, stop: ["ef!"]);
        driver.RunToEnd();

        Assert.Equal("abcdef", await CoreDriver.TextOf(generation));
        Assert.Equal(FinishReason.Length, (await generation.Completion).FinishReason);
    }

    [Fact]
    public async Task A_dropped_middle_is_cut_out_and_not_read_again()
    {
        var driver = new CoreDriver();
        var (system, old, kept) = (Text(1, 100), Text(2, 200), Text(3, 300));
        driver.Submit(system + old + kept, 1, key: "c");
        driver.RunToEnd();
        var generation = driver.Submit(system + kept + "new", 10, key: "c");
        driver.RunToEnd();

        Assert.Equal(SimulatedModel.Reply(system + kept + "new", 10), await CoreDriver.TextOf(generation));
        Assert.True((await generation.Completion).Usage.ReadTokens <= 4);
    }

    [Fact]
    public async Task The_same_text_in_other_tokens_is_not_read_again()
    {
        // The reply held '<|im_end|>' as one control token; the prompt spells a text whose bytes are the same.
        var driver = new CoreDriver();
        var spelled = SimulatedModel.Tokenize("begin <|im_end|> and much more text behind it, enough to matter", parseSpecial: false);
        var request = new GenerationRequest { Key = "c", Prompt = new Prompt(spelled), MaxTokens = 1, Sampling = CoreDriver.Greedy };
        var first = new Generation(request, 0, () => { });
        driver.Core.Accept(new Sequence(first, [SimulatedModel.MessageEnd, SimulatedModel.EndOfText]));
        driver.RunToEnd();

        var second = driver.Submit("begin <|im_end|> and much more text behind it, enough to matter here", 1, key: "c");
        driver.RunToEnd();
        Assert.True((await second.Completion).Usage.ReadTokens <= 6);
    }

    [Fact]
    public async Task A_voice_is_read_before_a_long_background_prompt()
    {
        var driver = new CoreDriver();
        var background = driver.Submit(new string('b', 3000), 5, priority: TurnPriority.Background);
        driver.Core.Step();
        var voice = driver.Submit("hi", 5, priority: TurnPriority.Voice);
        driver.RunToEnd();

        Assert.True((await voice.Completion).Timings.TotalMs < (await background.Completion).Timings.FirstTokenMs);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Random_conversations_are_never_mixed_up(int seed)
    {
        var random = new Random(seed);
        var driver = new CoreDriver(
            new() { Cells = 900, MaxSequences = 6, CanShift = seed % 2 == 0, BatchSize = 64, MicroBatchSize = 32 },
            new() { MaxRunning = 4, GrowthReserve = 8 });
        var histories = Enumerable.Range(0, 10).ToDictionary(i => $"c{i}", i => new string((char)('a' + i), 40));
        for (var round = 0; round < 60; round++)
        {
            var keys = histories.Keys.OrderBy(_ => random.Next()).Take(random.Next(1, 6)).ToArray();
            var turns = keys.Select(key =>
            {
                if (histories[key].Length > 400)
                {
                    histories[key] = histories[key][..40] + histories[key][^100..];
                }

                histories[key] += $"<{round}>";
                return (Key: key, Generation: driver.Submit(histories[key], random.Next(1, 40), key, (TurnPriority)random.Next(3)));
            }).ToArray();
            for (var steps = random.Next(30); steps > 0; steps--)
            {
                driver.Core.Step();
            }

            var cancelled = random.Next(3) == 0 ? turns[0].Generation : null;
            cancelled?.Cancel();
            driver.RunToEnd();
            foreach (var (key, generation) in turns)
            {
                var text = await CoreDriver.TextOf(generation);
                var whole = SimulatedModel.Reply(histories[key], generation.Request.MaxTokens);
                Assert.Equal(generation == cancelled ? whole[..text.Length] : whole, text);
                histories[key] += text;
            }

            Assert.Equal(driver.Backend.UsedCells, driver.Core.Kv.Cells.Used);
            Assert.Equal(0, driver.Core.Kv.Cells.HeldByRunning);
        }
    }

    private static string Text(int seed, int length)
    {
        var random = new Random(seed);
        return string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(26))));
    }
}
