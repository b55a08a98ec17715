using System.Text;
using HybridConversations.Inference.Snapshots;
using HybridConversations.Inference.Tests.Engine;
using HybridConversations.Tests.Common;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Inference.Tests.Snapshots;

/// <summary>What is forgotten is in no file when it is said to be: of whatever layout, damaged, half written, or on its way.</summary>
public sealed class SnapshotForgettingTests : IDisposable
{
    private const string Key = "whose";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Whenever_it_is_forgotten_nothing_comes_after()
    {
        for (var steps = 0; await IsForgottenAfter(steps); steps++)
        {
            Assert.True(steps < 1000, "the engine does not come to an end");
        }

        // One that had come to its end had been on disk.
        Assert.NotEmpty(await Live("layout", Key));
    }

    [Fact]
    public async Task It_is_not_put_on_record_afterwards_although_others_have_all_its_blocks()
    {
        await Live("layout", "other");
        await using var store = new SnapshotStore(_folder.Path, "layout", 1 << 30, NullLogger.Instance);
        var driver = new CoreDriver(new() { Cells = 4000 }, tiers: new() { SnapshotDelayMs = 60_000 }, store: store);
        driver.Submit(Text("other"[0], 600), 4, Key);
        driver.RunToEnd();
        await store.Flush();
        Assert.Empty(Naming(Key)); // it is to be saved in a minute

        await driver.Core.Forget(Key);
        driver.Clock.Advance(TimeSpan.FromMinutes(2));
        driver.RunToEnd();
        await store.Flush();

        Assert.Empty(Naming(Key));
        Assert.Single(Naming("other"));
    }

    [Fact]
    public async Task Another_models_snapshot_of_it_is_forgotten_too_and_nobody_elses()
    {
        await Live("first", Key);
        await Live("first", "other");
        await Live("second", Key);
        Assert.Equal(2, Naming(Key).Count);

        await Forget("third");

        Assert.Empty(Naming(Key));
        Assert.Single(Naming("other"));
        Assert.Equal(Blocks("other"), Files("*.kv"));
    }

    [Fact]
    public async Task What_was_set_aside_of_it_and_what_a_killed_process_left_half_written_is_forgotten_too()
    {
        await Live("layout", Key);
        await Live("layout", "other");
        var manifest = Naming(Key).Single();
        File.Copy(manifest, manifest + ".tmp");
        var bytes = await File.ReadAllBytesAsync(manifest);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(manifest, bytes);
        await Live("layout", "other"); // opens, and sets it aside
        Assert.Contains("set-aside", Assert.Single(Naming(Key)), StringComparison.Ordinal);

        await Forget("layout");

        Assert.Empty(Naming(Key));
        Assert.Single(Naming("other"));
    }

    [Fact]
    public async Task What_cannot_be_deleted_is_said()
    {
        await Live("layout", Key);
        var manifest = Naming(Key).Single();
        await using var store = new SnapshotStore(_folder.Path, "layout", 1 << 30, NullLogger.Instance);
        File.Delete(manifest);
        Directory.CreateDirectory(manifest);

        var error = await Assert.ThrowsAsync<ProblemException>(() => store.Forget(Key));

        Assert.Equal(ProblemCodes.Storage, error.Problem.Code);
        Directory.Delete(manifest);
        await store.Forget(Key);
    }

    /// <returns>True while the engine still had something to do by then.</returns>
    private async Task<bool> IsForgottenAfter(int steps)
    {
        await using var store = new SnapshotStore(_folder.Path, "layout", 1 << 30, NullLogger.Instance);
        var driver = new CoreDriver(new() { Cells = 4000 }, tiers: new() { SnapshotDelayMs = 0 }, store: store);
        driver.Submit(Text(1, 600), 4, Key);
        var worked = true;
        for (var i = 0; i < steps; i++)
        {
            worked = driver.Step();
        }

        await driver.Core.Forget(Key);
        driver.RunToEnd();
        await store.Flush();
        Assert.True(Files("*").Length == 0, $"forgotten after {steps} steps, there is {string.Join(", ", Files("*"))}");
        return worked;
    }

    private async Task Forget(string layout)
    {
        await using var store = new SnapshotStore(_folder.Path, layout, 1 << 30, NullLogger.Instance);
        await store.Forget(Key);
    }

    /// <summary>A turn; the files of which there are more then.</summary>
    private async Task<string[]> Live(string layout, string key)
    {
        var before = Files("*");
        await using var store = new SnapshotStore(_folder.Path, layout, 1 << 30, NullLogger.Instance);
        var driver = new CoreDriver(new() { Cells = 4000 }, tiers: new() { SnapshotDelayMs = 0 }, store: store);
        driver.Submit(Text(key[0], 600), 4, key);
        driver.RunToEnd();
        await store.Flush();
        return [.. Files("*").Except(before)];
    }

    private List<string> Naming(string key) => [.. Files("*").Where(file => File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(key)) >= 0)];

    /// <summary>The blocks of a conversation that is alone in its layout now.</summary>
    private string[] Blocks(string key) => Directory.GetFiles(Path.Combine(Path.GetDirectoryName(Naming(key).Single())!, "..", "blocks"), "*.kv").Select(Path.GetFullPath).Order().ToArray();

    private string[] Files(string pattern) => [.. Directory.GetFiles(_folder.Path, pattern, SearchOption.AllDirectories).Select(Path.GetFullPath).Order()];

    private static string Text(int seed, int length)
    {
        var random = new Random(seed);
        return string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(26))));
    }
}
