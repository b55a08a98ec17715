using HybridConversations.Inference.Engine;
using HybridConversations.Inference.KvCache;
using HybridConversations.Inference.Sampling;
using HybridConversations.Inference.Text;
using HybridConversations.Tests.Common;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Inference.Tests.Engine;

/// <summary>The whole engine with its thread, restarted over one folder of snapshots.</summary>
public sealed class WarmUpTests : IDisposable
{
    private const int SystemTokens = 600;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_beginning_that_two_conversations_used_is_resident_after_a_restart_and_the_first_turn_reads_no_file()
    {
        await using (var engine = Start(out _))
        {
            await Say(engine, "a", Text(1, SystemTokens) + "hello");
            await Say(engine, "b", Text(1, SystemTokens) + "good evening");
        }

        await using (var engine = Start(out var backend))
        {
            var warm = await engine.WarmPrefixesAsync([]);
            Assert.Equal(new WarmPrefixes(1, SystemTokens, 1), warm);
            LoseSnapshots(); // whatever the first turn has, it has it from memory
            var rows = backend.Rows;

            var usage = await Say(engine, "new", Text(1, SystemTokens) + "how are you?");
            Assert.Equal(new ReusedTokens(SharedPrefix: SystemTokens), usage.Reused);
            Assert.Equal("how are you?".Length, usage.ReadTokens);
            Assert.InRange(backend.Rows - rows, 1, usage.ReadTokens + usage.CompletionTokens + 1);
        }
    }

    [Fact]
    public async Task A_beginning_that_one_conversation_used_is_not_kept_for_all()
    {
        await using (var engine = Start(out _))
        {
            await Say(engine, "a", Text(1, SystemTokens) + "hello");
            await Say(engine, "a", Text(1, SystemTokens) + "hello, and more");
        }

        await using (var engine = Start(out _))
        {
            Assert.Equal(0, (await engine.WarmPrefixesAsync([])).Count);
        }
    }

    [Fact]
    public async Task The_most_used_beginnings_come_first_while_they_fit_in_a_quarter_of_the_memory()
    {
        await using (var engine = Start(out _))
        {
            foreach (var (prompt, times) in new[] { (1, 2), (2, 5), (3, 3) })
            {
                for (var i = 0; i < times; i++)
                {
                    await Say(engine, $"{prompt}-{i}", Text(prompt, SystemTokens) + $"question {i}");
                }
            }
        }

        await using (var engine = Start(out _, cells: 2600))
        {
            Assert.Equal((1, SystemTokens), (await engine.WarmPrefixesAsync([]) is var warm ? (warm.Count, warm.Tokens) : default));
            Assert.Equal(SystemTokens, (await Say(engine, "new", Text(2, SystemTokens) + "x")).Reused!.SharedPrefix);
        }
    }

    [Fact]
    public async Task A_pinned_beginning_is_read_once_and_comes_from_disk_at_every_start_after()
    {
        var pinned = SimulatedModel.Tokenize(Text(7, 300), parseSpecial: true);
        for (var start = 0; start < 3; start++)
        {
            await using var engine = Start(out _);
            var warm = await engine.WarmPrefixesAsync([pinned, pinned]);
            Assert.Equal(new WarmPrefixes(1, 300, start == 0 ? 300 : 1), warm);
        }
    }

    [Fact]
    public async Task A_pinned_beginning_outlives_many_conversations_on_every_tier()
    {
        var system = Text(7, 300);
        var tiers = new KvTierOptions { SnapshotFolder = _folder.Path, SnapshotBytes = 20_000, ParkedBytes = 8_000, SnapshotDelayMs = 0 };
        await using (var engine = Start(out _, cells: 1200, tiers: tiers))
        {
            await engine.WarmPrefixesAsync([SimulatedModel.Tokenize(system, parseSpecial: true)]);
            for (var i = 0; i < 12; i++)
            {
                await Say(engine, $"c{i}", Text(100 + i, 700));
            }

            var usage = await Say(engine, "new", system + "hello");
            Assert.Equal(300, usage.ReusedTokens);
            Assert.Equal(0, usage.Reused!.Snapshot);
        }

        await using (var engine = Start(out _, cells: 1200, tiers: tiers))
        {
            Assert.Equal(1, (await engine.WarmPrefixesAsync([SimulatedModel.Tokenize(system, parseSpecial: true)])).ReadTokens);
        }
    }

    [Fact]
    public async Task Recent_conversations_are_back_in_host_memory_and_say_that_they_came_from_disk()
    {
        await using (var engine = Start(out _))
        {
            for (var i = 0; i < 4; i++)
            {
                await Say(engine, $"c{i}", Text(i, 500));
            }
        }

        await using (var engine = Start(out _))
        {
            var (conversations, bytes) = await engine.WarmConversationsAsync();
            Assert.Equal(4, conversations);
            Assert.True(bytes > 4 * 500 * engine.Backend.Info.KvBytesPerToken);
            LoseSnapshots();
            for (var i = 0; i < 4; i++)
            {
                Assert.Equal(500, (await Say(engine, $"c{i}", Text(i, 500) + "!more")).Reused!.Snapshot);
            }
        }
    }

    [Fact]
    public async Task Host_memory_is_filled_to_half_with_the_latest()
    {
        await using (var engine = Start(out _))
        {
            for (var i = 0; i < 6; i++)
            {
                await Say(engine, $"c{i}", Text(i, 500));
            }
        }

        await using (var engine = Start(out _, tiers: new KvTierOptions { SnapshotFolder = _folder.Path, ParkedBytes = 5 * 500 * 8 }))
        {
            Assert.Equal(2, (await engine.WarmConversationsAsync()).Conversations);
            LoseSnapshots();
            Assert.Equal(500, (await Say(engine, "c5", Text(5, 500) + "!more")).Reused!.Snapshot);
        }
    }

    [Fact]
    public async Task A_short_conversation_comes_back_from_disk_too()
    {
        await using (var engine = Start(out _))
        {
            await Say(engine, "short", Text(1, 60));
        }

        await using (var engine = Start(out _))
        {
            Assert.Equal(60, (await Say(engine, "short", Text(1, 60) + "!more")).Reused!.Snapshot);
        }
    }

    /// <summary>At once, as a writer may be at work.</summary>
    private void LoseSnapshots()
    {
        var blocks = Path.Combine(Assert.Single(Directory.GetDirectories(_folder.Path)), "blocks");
        Directory.Move(blocks, blocks + "-lost");
    }

    private InferenceEngine Start(out SimulatedBackend backend, int cells = 8192, KvTierOptions? tiers = null)
    {
        backend = new SimulatedBackend(new() { Cells = cells, MaxSequences = 32 });
        return new InferenceEngine(backend, new EngineOptions { Tiers = tiers ?? new() { SnapshotFolder = _folder.Path, SnapshotDelayMs = 0 } },
            TimeProvider.System, NullLogger<InferenceEngine>.Instance);
    }

    private static async Task<TokenUsage> Say(InferenceEngine engine, string key, string prompt)
    {
        var generation = engine.Submit(new GenerationRequest
        {
            Key = key,
            Prompt = new Prompt(SimulatedModel.Tokenize(prompt, parseSpecial: true)),
            SharedTokens = Math.Min(prompt.Length, SystemTokens),
            MaxTokens = 4,
            Sampling = new SamplingParameters { Temperature = 0 },
        });
        Assert.Equal(SimulatedModel.Reply(prompt, 4), await CoreDriver.TextOf(generation));
        return (await generation.Completion).Usage;
    }

    private static string Text(int seed, int length)
    {
        var random = new Random(seed);
        return string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(26))));
    }
}
