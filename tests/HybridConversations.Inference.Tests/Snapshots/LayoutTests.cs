using HybridConversations.Inference.Snapshots;
using HybridConversations.Inference.Tests.Engine;
using HybridConversations.Tests.Common;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Inference.Tests.Snapshots;

/// <summary>Snapshots of several models in one folder.</summary>
public sealed class LayoutTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Another_model_leaves_the_snapshots_of_the_one_before()
    {
        await Live("first", 1 << 30, "a");
        await Live("second", 1 << 30, "b");

        Assert.Equal(500, (await Live("first", 1 << 30, "a")).Reused!.Snapshot);
        Assert.Equal(500, (await Live("second", 1 << 30, "b")).Reused!.Snapshot);
    }

    [Fact]
    public async Task They_share_the_budget_and_the_one_that_was_not_used_for_longest_gives_way_state_by_state()
    {
        const long Limit = 22_000; // five states
        await Live("first", Limit, "a", "b", "c");
        await Live("second", Limit, "d", "e", "f");

        Assert.InRange(Directory.GetFiles(_folder.Path, "*.kv", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length), 1, Limit);
        Assert.Equal(500, (await Live("second", Limit, "d")).Reused!.Snapshot);
        Assert.Equal(500, (await Live("first", Limit, "c")).Reused!.Snapshot); // the latest is still there
        Assert.Equal(0, (await Live("first", Limit, "a")).ReusedTokens);
    }

    /// <summary>A turn of each; the usage of the last.</summary>
    private async Task<TokenUsage> Live(string layout, long limit, params string[] keys)
    {
        TokenUsage? usage = null;
        await using var store = new SnapshotStore(_folder.Path, layout, limit, NullLogger.Instance);
        var driver = new CoreDriver(new() { Cells = 4000 }, tiers: new() { SnapshotDelayMs = 0 }, store: store);
        foreach (var key in keys)
        {
            var text = Text(key[0], 500);
            var generation = driver.Submit(text + (store.Index.Tokens(key) is null ? "" : "?"), 1, key);
            driver.RunToEnd();
            usage = (await generation.Completion).Usage;
            await store.Flush();
        }

        return usage!;
    }

    private static string Text(int seed, int length)
    {
        var random = new Random(seed);
        return string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(26))));
    }
}
