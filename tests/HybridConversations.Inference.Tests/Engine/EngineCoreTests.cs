using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Engine;
using HybridConversations.Inference.Text;
using HybridConversations.Tests.Common;

namespace HybridConversations.Inference.Tests.Engine;

public sealed class EngineCoreTests
{
    [Fact]
    public async Task The_same_prompt_again_after_a_reply_that_was_left_gives_the_same_reply()
    {
        var driver = new CoreDriver();
        var left = driver.Submit("tell me a long story", 200, key: "c");
        for (var i = 0; i < 40; i++)
        {
            driver.Step();
        }

        left.Cancel();
        var again = driver.Submit("tell me a long story", 200, key: "c");
        driver.RunToEnd();
        Assert.Equal(SimulatedModel.Reply("tell me a long story", 200), await CoreDriver.TextOf(again));
    }

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
        var driver = new CoreDriver(new() { Next = held => 'a' + (held.Count % 26) });
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

        Assert.Equal(ReplyBehindGap(system, old, kept, "new", 10), await CoreDriver.TextOf(generation));
        Assert.True((await generation.Completion).Usage.ReadTokens <= 4);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("b")]
    public async Task What_was_computed_with_a_dropped_middle_in_view_is_shared_with_nobody(string? other)
    {
        var driver = new CoreDriver();
        var (system, old, kept) = (Text(1, 100), Text(2, 200), Text(3, 300));
        await Say(driver, "a", system + old + kept);
        await Say(driver, "a", system + kept + "new"); // the middle is cut out

        var generation = driver.Submit(system + kept + "new", 10, other);
        driver.RunToEnd();
        Assert.Equal(SimulatedModel.Reply(system + kept + "new", 10), await CoreDriver.TextOf(generation));
        Assert.Equal(100, (await generation.Completion).Usage.ReusedTokens);
    }

    [Fact]
    public async Task What_was_dropped_is_not_heard_by_another_conversation_after_it_was_parked_either()
    {
        var driver = new CoreDriver(new() { Cells = 1000, MaxSequences = 4 });
        var (system, old, kept) = (Text(1, 100), Text(2, 200), Text(3, 300));
        await Say(driver, "a", system + old + kept);
        await Say(driver, "a", system + kept + "new");
        await Say(driver, "filler", Text(4, 900));
        Assert.Null(driver.Core.Kv.Find("a"));

        // Its own conversation goes on from it.
        var own = driver.Submit(system + kept + "new and more", 10, "a");
        driver.RunToEnd();
        Assert.Equal(ReplyBehindGap(system, old, kept, "new and more", 10), await CoreDriver.TextOf(own));
        Assert.True((await own.Completion).Usage.Reused!.Parked > 300);

        await Say(driver, "filler", Text(4, 900));
        Assert.Null(driver.Core.Kv.Find("a"));
        var other = driver.Submit(system + kept + "new", 10, "b");
        driver.RunToEnd();
        Assert.Equal(SimulatedModel.Reply(system + kept + "new", 10), await CoreDriver.TextOf(other));
        Assert.InRange((await other.Completion).Usage.ReusedTokens, 0, 100);
    }

    [Fact]
    public async Task What_was_read_again_since_is_shared_again()
    {
        var driver = new CoreDriver();
        var (system, old, kept) = (Text(1, 100), Text(2, 200), Text(3, 300));
        await Say(driver, "a", system + old + kept);
        await Say(driver, "a", system + kept + "new");
        await Say(driver, "a", system + Text(5, 300)); // goes back to what is clean

        var generation = driver.Submit(system + Text(5, 300) + "?", 10, "b");
        driver.RunToEnd();
        Assert.Equal(SimulatedModel.Reply(system + Text(5, 300) + "?", 10), await CoreDriver.TextOf(generation));
        Assert.Equal(400, (await generation.Completion).Usage.Reused!.SharedPrefix);
    }

    [Fact]
    public async Task The_same_text_in_other_tokens_is_not_read_again()
    {
        // The reply held '<|im_end|>' as one control token; the prompt spells a text whose bytes are the same.
        var driver = new CoreDriver();
        var spelled = SimulatedModel.Tokenize("begin <|im_end|> and much more text behind it, enough to matter", parseSpecial: false);
        var request = new GenerationRequest { Key = "c", Prompt = new Prompt(spelled), MaxTokens = 1, Sampling = CoreDriver.Greedy };
        var first = new Generation(request, 0, () => { });
        driver.Core.Accept(new Sequence(first, [SimulatedModel.MessageEnd, SimulatedModel.EndOfText], driver.Backend));
        driver.RunToEnd();

        var second = driver.Submit("begin <|im_end|> and much more text behind it, enough to matter here", 1, key: "c");
        driver.RunToEnd();
        Assert.True((await second.Completion).Usage.ReadTokens <= 6);
    }

    [Fact]
    public async Task Guessed_tokens_change_nothing_but_the_number_of_steps()
    {
        const string Song = "row, row, row your boat, gently down the stream. ";
        var driver = new CoreDriver(new() { Next = held => Song[(held.Count - 5) % Song.Length], Cost = batch => TimeSpan.FromMilliseconds(100 + batch.Count) });
        var generation = driver.Submit("sing!", 400);
        driver.RunToEnd();

        Assert.Equal(string.Concat(Enumerable.Repeat(Song, 10))[..400], await CoreDriver.TextOf(generation));
        var status = driver.Core.Status;
        Assert.True(status.DraftsAccepted > 200 && status.Steps < 250, $"{status}");
        Assert.Equal(driver.Backend.UsedCells, driver.Core.Kv.Cells.Used);
    }

    [Fact]
    public async Task Guesses_that_do_not_pay_are_given_up()
    {
        // A row costs as much as a step: nothing to win.
        var driver = new CoreDriver(new() { Cost = batch => TimeSpan.FromMilliseconds(10 * batch.Count) });
        var generation = driver.Submit("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 600);
        driver.RunToEnd();

        await CoreDriver.TextOf(generation);
        Assert.True(driver.Core.Status.TokensDrafted < 150, $"{driver.Core.Status}");
    }

    [Fact]
    public async Task A_draft_that_was_read_ahead_is_not_read_again()
    {
        var driver = new CoreDriver();
        var draft = driver.Submit("system. what time is", 0, key: "c", readAhead: true);
        driver.RunToEnd();
        Assert.Equal(0, (await draft.Completion).Usage.CompletionTokens);

        var turn = driver.Submit("system. what time is it?", 10, key: "c", priority: TurnPriority.Voice);
        driver.RunToEnd();
        Assert.Equal(" it?".Length, (await turn.Completion).Usage.ReadTokens);
        Assert.Equal(SimulatedModel.Reply("system. what time is it?", 10), await CoreDriver.TextOf(turn));
    }

    [Fact]
    public async Task A_guess_at_a_reply_gives_way_to_whoever_asks()
    {
        var driver = new CoreDriver(new() { Next = _ => 'x' }, new() { MaxRunning = 1 });
        var guess = driver.Submit("maybe", 1000, key: "a", readAhead: true);
        driver.Core.Step();
        var turn = driver.Submit("surely", 5, key: "b");
        driver.RunToEnd();

        Assert.Equal(FinishReason.Interrupted, (await guess.Completion).FinishReason);
        Assert.Equal(FinishReason.Length, (await turn.Completion).FinishReason);
    }

    [Fact]
    public async Task A_deadline_that_cannot_be_met_is_refused_at_once()
    {
        var driver = new CoreDriver();
        driver.Submit(new string('w', 500), 100);
        driver.RunToEnd(); // the cost model has seen enough
        var crowd = Enumerable.Range(0, 10).Select(i => driver.Submit(new string((char)('a' + i), 2000), 50)).ToArray();
        var request = new GenerationRequest
        {
            Prompt = new Prompt(SimulatedModel.Tokenize("quick?", parseSpecial: true)),
            MaxTokens = 50,
            Sampling = CoreDriver.Greedy,
            DeadlineMs = 300,
        };
        var refused = new Generation(request, driver.Clock.GetTimestamp(), () => { });
        driver.Core.Accept(new Sequence(refused, [], driver.Backend));

        var problem = (await Assert.ThrowsAsync<ProblemException>(() => refused.Completion)).Problem;
        Assert.Equal(ProblemCodes.DeadlineUnreachable, problem.Code);
        Assert.True(problem is { Retryable: true, RetryAfterMs: > 0 });
        driver.RunToEnd();
        Assert.All(crowd, g => Assert.True(g.Completion.IsCompletedSuccessfully));
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
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(4, false)]
    [InlineData(5, true)]
    [InlineData(7, true)]
    [InlineData(9, true)]
    public async Task Random_conversations_are_never_mixed_up(int seed, bool separate)
    {
        var random = new Random(seed);
        var driver = new CoreDriver(
            new() { Cells = separate ? 6 * 900 : 900, MaxSequences = 6, Separate = separate, CanShift = seed % 2 == 0, BatchSize = 64, MicroBatchSize = 32 },
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

    /// <summary>What the model says where it read three texts and the second was cut out then.</summary>
    private static string ReplyBehindGap(string before, string gap, string behind, string rest, int tokens)
    {
        var next = 0;
        using var backend = new SimulatedBackend();
        Read(before + gap + behind, 0);
        Assert.True(backend.RemoveRange(0, before.Length, before.Length + gap.Length) && backend.ShiftRange(0, before.Length + gap.Length, -1, -gap.Length));
        Read(rest, before.Length + behind.Length);
        var reply = "";
        for (var position = before.Length + behind.Length + rest.Length; reply.Length < tokens && next != SimulatedModel.MessageEnd; position++)
        {
            reply += (char)next;
            Read(reply[^1..], position);
        }

        return reply;

        void Read(string text, int position)
        {
            foreach (var part in SimulatedModel.Tokenize(text, parseSpecial: false).Chunk(200))
            {
                var batch = new TokenBatch(part.Length);
                for (var i = 0; i < part.Length; i++)
                {
                    batch.Add(part[i], position++, 0, i == part.Length - 1);
                }

                Assert.Equal(DecodeStatus.Ok, backend.Decode(batch));
                next = System.Numerics.Tensors.TensorPrimitives.IndexOfMax(backend.Logits(part.Length - 1));
            }
        }
    }

    private static async Task Say(CoreDriver driver, string key, string prompt)
    {
        var generation = driver.Submit(prompt, 1, key);
        driver.RunToEnd();
        await generation.Completion;
    }

    private static string Text(int seed, int length)
    {
        var random = new Random(seed);
        return string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(26))));
    }
}
