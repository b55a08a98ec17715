using HybridConversations.Conversations;
using HybridConversations.InProcess;
using HybridConversations.Storage;
using HybridConversations.Tests.Common;
using HybridConversations.Tests.Conversations;

namespace HybridConversations.Tests.InProcess;

public sealed class InProcessConversationsTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly ScriptedDevice _device = new();
    private SqliteConversationStore? _store;

    public Task InitializeAsync()
    {
        _store = SqliteConversationStore.OpenFolder(new SqliteStoreOptions { Folder = _folder.Path });
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await _store!.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_turn_for_one_device_alone_is_answered_by_it_or_not_at_all()
    {
        await using var all = Host();
        _device.Script = _ => ["Here."];
        Assert.Equal("Here.", (await all.Get("a").Say(Turn("one") with { Device = "scripted" }).ToList()).Completed().Text);
        var refused = (await all.Get("a").Say(Turn("two") with { Device = "elsewhere" }).ToList()).Failed();
        Assert.Equal((ProblemCodes.DeviceLost, true), (refused.Code, refused.Retryable));
        Assert.Contains("'elsewhere'", refused.Detail, StringComparison.Ordinal);
        Assert.Equal(ProblemCodes.Invalid, (await all.Get("a").Say(Turn("three") with { Device = "scripted", Think = ThinkMode.Cloud }).ToList()).Failed().Code);
    }

    [Fact]
    public async Task Conversations_are_found_by_their_id_and_listed()
    {
        await using var all = Host();
        _device.Script = request => [$"You said {request.Messages[^1].Content}."];
        await all.Get("a").Say(Turn("one")).ToList();
        await all.Get("b").Say(Turn("two")).ToList();
        await all.Get("a").Say(Turn("three")).ToList();

        Assert.Equal(["one", "three"], (await all.Get("a").Read(0, 10))!.Turns.Select(t => t.User));
        Assert.Null(await all.Get("c").Read(0, 10));
        var list = await all.List(null, 10);
        Assert.Equal([("a", 2), ("b", 1)], list.Conversations.Select(c => (c.Id, c.Turns)).Order());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    public async Task What_is_no_id_is_refused(string id)
    {
        await using var all = Host();
        Assert.Equal(ProblemCodes.Invalid, Assert.Throws<ProblemException>(() => all.Get(id)).Problem.Code);
    }

    [Fact]
    public async Task Idle_conversations_leave_memory_and_come_back_whole()
    {
        await using var all = Host(capacity: 3);
        _device.Script = _ => ["ok"];
        for (var i = 0; i < 10; i++)
        {
            await all.Get($"c{i}").Say(Turn("one")).ToList();
        }

        Assert.Equal(3, all.InMemory);
        await all.Get("c0").Say(Turn("two")).ToList();
        Assert.Equal(["one", "ok", "two"], _device.LastRequest!.Messages.Select(m => m.Content));
        Assert.Equal(3, all.InMemory);
    }

    [Fact]
    public async Task A_conversation_in_use_never_leaves_memory_and_there_is_one_object_for_its_id()
    {
        await using var all = Host(capacity: 1);
        var kept = all.Get("busy");
        await using var running = new ReplyReader(kept.Say(Turn("one")));
        await running.Next();
        _device.Script = _ => ["ok"];
        for (var i = 0; i < 5; i++)
        {
            await all.Get($"c{i}").Say(Turn("one")).ToList();
        }

        Assert.Equal(2, all.InMemory);
        Assert.Equal(ProblemCodes.TurnInProgress, (await all.Get("busy").Say(Turn("two")).ToList()).Failed().Code);
        await all.Get("busy").Interrupt(null);
        Assert.IsType<ReplyCompleted>(await running.Next());
        Assert.Null(await running.Next());

        // The handle outlives the object.
        await all.Get("c9").Say(Turn("one")).ToList();
        Assert.Equal(1, all.InMemory);
        Assert.Equal("ok", (await kept.Say(Turn("two")).ToList()).Completed().Text);
    }

    [Fact]
    public async Task Stopping_ends_running_turns_and_refuses_new_ones()
    {
        var all = Host();
        await using var running = new ReplyReader(all.Get("a").Say(Turn("one")));
        await running.Next();

        await all.Stop();

        Assert.Equal(ProblemCodes.Stopping, Assert.IsType<ReplyFailed>(await running.Next()).Problem.Code);
        Assert.True((await _store!.Open("a").FindTurn("t-one"))!.Repeatable);
        Assert.Equal(ProblemCodes.Stopping, (await all.Get("a").Say(Turn("two")).ToList()).Failed().Code);
        Assert.Equal(ProblemCodes.Stopping, (await Assert.ThrowsAsync<ProblemException>(() => all.Get("a").Interrupt(null))).Problem.Code);
    }

    [Fact]
    public async Task Stopping_ends_a_resumable_turn_that_nobody_reads_at_the_moment()
    {
        var all = Host();
        await using (var reader = new ReplyReader(all.Get("a").Say(Turn("one") with { Resumable = true })))
        {
            await reader.Next();
        }

        Assert.Equal(TurnState.Running, (await _store!.Open("a").FindTurn("t-one"))!.State);
        await all.Stop();
        var stored = (await _store.Open("a").FindTurn("t-one"))!;
        Assert.Equal((TurnState.Interrupted, true), (stored.State, stored.Repeatable));
    }

    [Fact]
    public void Wrong_options_are_refused_at_the_start()
    {
        var services = new ConversationServices { Devices = new SingleDevicePicker(_device), Memories = new SingleDeviceMemory(_device), Options = new ConversationOptions { MaxWaiting = 0 } };
        Assert.Equal(ProblemCodes.Invalid, Assert.Throws<ProblemException>(() => new InProcessConversations(_store!, services)).Problem.Code);
    }

    [Fact]
    public async Task The_fleet_is_the_device_and_the_cloud()
    {
        var view = await new InProcessFleet(_device, new ScriptedEscalation()).View();
        Assert.Equal("scripted", Assert.Single(view.Devices).DeviceId);
        Assert.Equal("test-cloud", Assert.Single(view.Escalations).Endpoint);
        Assert.Empty((await new InProcessFleet(_device).View()).Escalations);
    }

    private static Turn Turn(string text) => new() { TurnId = "t-" + text, Text = text };

    private InProcessConversations Host(int capacity = 100) => new(_store!, new ConversationServices { Devices = new SingleDevicePicker(_device), Memories = new SingleDeviceMemory(_device) }, capacity);
}
