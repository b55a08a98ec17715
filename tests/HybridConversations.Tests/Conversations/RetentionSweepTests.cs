using HybridConversations.Conversations;
using HybridConversations.Conversations.Forgetting;
using HybridConversations.InProcess;
using HybridConversations.Storage;
using HybridConversations.Tests.Common;
using HybridConversations.Tests.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Tests.Conversations;

public sealed class RetentionSweepTests : IAsyncLifetime
{
    private static readonly TimeSpan Retention = TimeSpan.FromHours(1);
    private readonly TemporaryFolder _folder = new();
    private readonly ScriptedDevice _device = new();
    private readonly ManualTime _time = new();
    private SqliteConversationStore _store = null!;
    private InProcessConversations _conversations = null!;

    public Task InitializeAsync()
    {
        _store = SqliteConversationStore.OpenFolder(new SqliteStoreOptions { Folder = _folder.Path }, _time);
        _conversations = new InProcessConversations(
            _store, new ConversationServices { Devices = new SingleDevicePicker(_device), Memories = new SingleDeviceMemory(_device), Time = _time });
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _conversations.DisposeAsync();
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_is_due_is_forgotten_and_nothing_stays_in_memory()
    {
        for (var i = 0; i < 250; i++)
        {
            await _store.Add($"old{i}", 1, at: _time.GetUtcNow() - Retention - TimeSpan.FromMinutes(1));
        }

        await _store.Add("fresh", 1, at: _time.GetUtcNow());

        Assert.Equal((250, false), await Sweep(_conversations).Slice(default));
        Assert.Equal("fresh", (await _store.List(null, 10)).Conversations.Single().Id);
        Assert.Equal(0, _conversations.InMemory);
        Assert.Contains("old7", _device.Forgotten);
        Assert.DoesNotContain("fresh", _device.Forgotten);
    }

    [Fact]
    public async Task Who_has_come_back_since_the_list_was_read_keeps_the_turn_and_the_history()
    {
        await _store.Add("back", 1, at: _time.GetUtcNow() - TimeSpan.FromDays(1));
        var reply = _conversations.Get("back").Say(new Turn { TurnId = "new", Text = "I am back" }).ToList();
        var generation = await _device.NextGeneration();

        Assert.False(await _conversations.ForgetUnused("back", _time.GetUtcNow() - Retention));
        generation.Say("Hello again.");
        generation.Finish();

        Assert.IsType<ReplyCompleted>((await reply)[^1]);
        Assert.False(await _conversations.ForgetUnused("back", _time.GetUtcNow() - Retention));
        Assert.Equal(2, (await _conversations.Get("back").Read(0, 10))!.Turns.Count);
    }

    [Fact]
    public async Task A_slice_is_bounded_in_time_and_the_next_goes_on_past_what_cannot_be_forgotten()
    {
        var slow = new SlowUnused(300, _time);
        var sweep = Sweep(slow);

        var (first, more) = await sweep.Slice(default);
        Assert.True(more);
        Assert.InRange(first, 1, 100);

        var (slices, total) = (1, first);
        while (more)
        {
            (var forgotten, more) = await sweep.Slice(default);
            total += forgotten;
            slices++;
        }

        Assert.Equal(200, total); // every third is refused
        Assert.InRange(slices, 3, 30);
        Assert.Equal(100, slow.Left);
    }

    private RetentionSweep Sweep(IUnusedConversations conversations) => new(conversations, Retention, _time, NullLogger.Instance);

    /// <summary>Each takes 100 ms of the clock; every third cannot be forgotten.</summary>
    private sealed class SlowUnused(int count, ManualTime time) : IUnusedConversations
    {
        private readonly SortedSet<int> _left = [.. Enumerable.Range(0, count)];

        public int Left => _left.Count;

        public Task<IReadOnlyList<string>> UnusedSince(DateTimeOffset before, int skip, int limit) =>
            Task.FromResult<IReadOnlyList<string>>([.. _left.Skip(skip).Take(limit).Select(i => $"{i}")]);

        public Task<bool> ForgetUnused(string conversationId, DateTimeOffset before)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            var number = int.Parse(conversationId, System.Globalization.CultureInfo.InvariantCulture);
            if (number % 3 == 0)
            {
                throw new IOException("not this one");
            }

            _left.Remove(number);
            return Task.FromResult(true);
        }
    }
}
