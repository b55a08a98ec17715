using HybridConversations.Inference.Snapshots;
using HybridConversations.Inference.Tests.Engine;
using HybridConversations.Inference.Tests.LlamaCpp;
using HybridConversations.Tests.Common;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Inference.Tests.Snapshots;

/// <summary>Snapshots on a disk that is full.</summary>
public sealed class SnapshotDiskTests
{
    private const long Megabyte = 1 << 20;
    private readonly ListLogger _log = new();

    [SkippableFact]
    public async Task Snapshots_leave_a_quarter_of_the_disk_free_and_the_oldest_make_room()
    {
        using var disk = Mount(2 * Megabyte);
        await using (var store = Open(disk, new VirtualClock()))
        {
            var driver = Driver(store);
            for (var i = 0; i < 80; i++)
            {
                await Say(driver, store, $"c{i}", Text(i, 900));
                Assert.True(disk.Free >= Megabyte / 2 - 65536, $"{disk.Free} bytes are left after conversation {i}");
            }

            Assert.InRange(store.Index.Count, 10, 60);
        }

        Assert.Empty(Directory.GetFiles(disk.Path, "*.tmp", SearchOption.AllDirectories));
        Assert.DoesNotContain(_log.Lines, line => line.Level >= LogLevel.Warning);
        await using var again = Open(disk, new VirtualClock());
        var usage = await Say(Driver(again), again, "c79", Text(79, 900) + "more");
        Assert.Equal(900, usage.Reused!.Snapshot);
    }

    [SkippableFact]
    public async Task A_full_disk_ends_no_turn_leaves_nothing_half_done_and_is_tried_again_after_a_minute()
    {
        using var disk = Mount(2 * Megabyte);
        var clock = new VirtualClock();
        await using var store = Open(disk, clock);
        var driver = Driver(store);
        await Say(driver, store, "first", Text(1, 900));
        Assert.Equal(1, store.Index.Count);

        // Somebody else fills the disk to the last byte.
        Fill(disk);
        await Say(driver, store, "second", Text(2, 900));
        Assert.False(store.Accepts);
        Assert.Single(_log.Lines, line => line.Level == LogLevel.Warning && line.Text.Contains("cannot be written", StringComparison.Ordinal));
        Assert.Empty(Directory.GetFiles(disk.Path, "*.tmp", SearchOption.AllDirectories));

        // The time of day is set meanwhile: neither does that shorten the pause, nor lengthen it.
        clock.Jump(TimeSpan.FromHours(5));
        Assert.False(store.Accepts);
        clock.Jump(TimeSpan.FromHours(-12));
        clock.Advance(TimeSpan.FromSeconds(59));
        Assert.False(store.Accepts);

        disk.Grow(8 * Megabyte);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True(store.Accepts);
        await Say(driver, store, "second", Text(2, 900) + "more");
        Assert.NotNull(store.Index.Tokens("second"));
        Assert.Single(_log.Lines, line => line.Level == LogLevel.Warning);
    }

    private static void Fill(SmallDisk disk)
    {
        using var filler = File.Create(Path.Combine(disk.Path, "filler"));
        var page = new byte[4096];
        try
        {
            while (true)
            {
                filler.Write(page);
                filler.Flush();
            }
        }
        catch (IOException)
        {
            Assert.True(disk.Free < 4096);
        }
    }

    private static SmallDisk Mount(long bytes)
    {
        var disk = SmallDisk.TryMount(bytes, out var reason);
        Skip.If(disk is null, reason);
        return disk;
    }

    private SnapshotStore Open(SmallDisk disk, TimeProvider time) => new(disk.Path, "layout", 1 << 30, _log, time);

    private static CoreDriver Driver(SnapshotStore store) => new(tiers: new() { SnapshotDelayMs = 0, ParkedBytes = 0 }, store: store);

    private static async Task<TokenUsage> Say(CoreDriver driver, SnapshotStore store, string key, string prompt)
    {
        var generation = driver.Submit(prompt, 1, key);
        driver.RunToEnd();
        Assert.Equal(SimulatedModel.Reply(prompt, 1), await CoreDriver.TextOf(generation));
        await store.Flush();
        return (await generation.Completion).Usage;
    }

    private static string Text(int seed, int length)
    {
        var random = new Random(seed);
        return string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(26))));
    }
}
