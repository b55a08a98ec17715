using HybridConversations.Inference.Snapshots;
using HybridConversations.Inference.Tests.Engine;
using HybridConversations.Tests.Common;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Inference.Tests.KvCache;

public sealed class KvTiersTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hc-kv-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task An_evicted_conversation_comes_back_from_host_memory()
    {
        var driver = new CoreDriver(new() { Cells = 900, MaxSequences = 4 });
        await Say(driver, "a", Text(1, 500));
        await Say(driver, "b", Text(2, 500));
        var usage = await Say(driver, "a", Text(1, 500) + "more");

        Assert.True(usage.Reused!.Parked >= 499, usage.ToString());
        Assert.InRange(usage.ReadTokens, 1, 5);
    }

    [Fact]
    public async Task Parked_states_of_one_system_prompt_share_its_blocks()
    {
        var driver = new CoreDriver(new() { Cells = 900, MaxSequences = 4 });
        var system = Text(1, 512);
        for (var i = 0; i < 8; i++)
        {
            await Say(driver, $"c{i}", system + Text(10 + i, 300));
        }

        var perToken = driver.Backend.Info.KvBytesPerToken;
        Assert.True(driver.Core.Status.ParkedStates >= 5);
        Assert.True(driver.Core.Status.ParkedBytes < (512 + (8 * 400)) * perToken, $"{driver.Core.Status.ParkedBytes / perToken} tokens parked");
    }

    [Fact]
    public async Task After_a_restart_the_next_turn_reads_only_what_is_new()
    {
        await RunOnce(driver => Say(driver, "a", Text(1, 1000)));
        var usage = await RunOnce(driver => Say(driver, "a", Text(1, 1000) + "more"));

        Assert.Equal(1000, usage.Reused!.Snapshot);
        Assert.Equal(4, usage.ReadTokens);
    }

    [Fact]
    public async Task After_a_restart_a_new_conversation_finds_the_known_system_prompt()
    {
        await RunOnce(driver => Say(driver, "a", Text(1, 600) + "hello"));
        var usage = await RunOnce(driver => Say(driver, "new", Text(1, 600) + "good morning"));

        Assert.Equal(512, usage.Reused!.Snapshot);
    }

    [Fact]
    public async Task A_flipped_bit_is_set_aside_and_the_history_is_read_again()
    {
        await RunOnce(driver => Say(driver, "a", Text(1, 600)));
        var random = new Random(5);
        for (var round = 0; round < 10; round++)
        {
            var files = Directory.GetFiles(_folder, "*.*", SearchOption.AllDirectories).Where(f => !f.Contains("set-aside")).ToArray();
            var victim = files[random.Next(files.Length)];
            var bytes = File.ReadAllBytes(victim);
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(victim, bytes);

            var usage = await RunOnce(driver => Say(driver, "a", Text(1, 600) + "again"));
            Assert.True(usage.ReadTokens > 5, $"round {round}: {usage}");
            Assert.Contains(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories), f => f.Contains("set-aside"));
        }
    }

    [Fact]
    public async Task The_disk_holds_no_more_than_it_may()
    {
        var limit = 5000L * 8;
        await RunOnce(
            async driver =>
            {
                for (var i = 0; i < 12; i++)
                {
                    await Say(driver, $"c{i}", Text(i, 900));
                }

                return 0;
            },
            limit);

        var bytes = Directory.GetFiles(_folder, "*.kv", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length);
        Assert.InRange(bytes, 1, limit);
        var usage = await RunOnce(driver => Say(driver, "c11", Text(11, 900) + "more"), limit);
        Assert.True(usage.Reused!.Snapshot >= 899);
        usage = await RunOnce(driver => Say(driver, "c0", Text(0, 900) + "more"), limit);
        Assert.Equal(0, usage.ReusedTokens);
    }

    [Fact]
    public async Task A_forgotten_conversation_leaves_nothing_on_disk()
    {
        await RunOnce(async driver =>
        {
            await Say(driver, "a", Text(1, 600));
            await driver.Core.Forget("a");
            return 0;
        });

        Assert.Empty(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories));
    }

    private async Task<T> RunOnce<T>(Func<CoreDriver, Task<T>> act, long limit = 1 << 30)
    {
        await using var store = new SnapshotStore(_folder, "layout", limit, NullLogger.Instance);
        var driver = new CoreDriver(tiers: new() { SnapshotDelayMs = 0 }, store: store);
        var result = await act(driver);
        driver.RunToEnd();
        await store.Flush();
        return result;
    }

    private static async Task<TokenUsage> Say(CoreDriver driver, string key, string prompt)
    {
        var generation = driver.Submit(prompt, 1, key);
        driver.RunToEnd();
        Assert.Equal(SimulatedModel.Reply(prompt, 1), await CoreDriver.TextOf(generation));
        return (await generation.Completion).Usage;
    }

    private static string Text(int seed, int length)
    {
        var random = new Random(seed);
        return string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(26))));
    }
}
