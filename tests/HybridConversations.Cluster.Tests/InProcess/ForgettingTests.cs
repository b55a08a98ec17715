using HybridConversations.Orleans.Contracts;
using HybridConversations.Orleans.Fleet;

namespace HybridConversations.Cluster.Tests.InProcess;

/// <summary>What is deleted is gone on every device that ever held it, or is named as owed.</summary>
public sealed class ForgettingTests
{
    private static readonly DateTimeOffset LongAgo = DateTimeOffset.UtcNow.AddDays(-1);

    [Fact]
    public async Task Every_device_that_ever_held_a_conversation_forgets_it()
    {
        await using var fleet = await TestFleet.Start(2);
        var conversation = fleet.Conversations.Get("c");
        var (first, second) = await AnsweredByTwo(fleet, conversation);

        var deletion = (await conversation.Forget())!;

        Assert.Equal(new[] { first, second }.Order(), deletion.Forgotten.Order());
        Assert.Empty(deletion.Owed);
        Assert.Equal(["c"], fleet.Device(first).Forgotten);
        Assert.Equal(["c"], fleet.Device(second).Forgotten);
        Assert.Null(await conversation.Forget());
        Assert.Empty(await fleet.Holders.Of("c"));
        await Eventually.Holds(() => fleet.HostOf("c") is null, () => "the directory does not name it any more");
    }

    [Fact]
    public async Task A_device_that_is_off_is_told_when_it_is_back()
    {
        await using var fleet = await TestFleet.Start(2);
        var conversation = fleet.Conversations.Get("c");
        var (first, second) = await AnsweredByTwo(fleet, conversation);
        await fleet.Cluster.KillSiloAsync(fleet.Silo(first));
        await fleet.HasDevices(1);

        var deletion = (await conversation.Forget())!;

        Assert.Equal([second], deletion.Forgotten);
        Assert.Equal([first], deletion.Owed);
        Assert.Empty(fleet.Device(first).Forgotten);
        Assert.Equal(["c"], await fleet.Holders.OwedBy(first, 10));

        await fleet.ComesBack(first);

        await Eventually.Holds(() => fleet.Device(first).Forgotten.Contains("c"), () => "it has forgotten the conversation");
        await Eventually.Holds(async () => (await fleet.Holders.OwedBy(first, 10)).Count == 0, () => "and owes nothing any more");
    }

    [Fact]
    public async Task A_device_that_is_there_is_asked_although_this_silo_trusts_it_with_no_turn()
    {
        await using var fleet = await TestFleet.Start(2);
        var conversation = fleet.Conversations.Get("c");
        var (first, second) = await AnsweredByTwo(fleet, conversation);
        var host = fleet.Service<FleetDirectory>(fleet.HostOf("c")!);
        host.Suspect(host.All.Single(device => device.Id != fleet.HostOf("c")));

        var deletion = (await conversation.Forget())!;

        Assert.Equal(new[] { first, second }.Order(), deletion.Forgotten.Order());
        Assert.Empty(deletion.Owed);
    }

    [Fact]
    public async Task A_draft_without_a_turn_is_forgotten_too()
    {
        await using var fleet = await TestFleet.Start(1);
        var conversation = fleet.Conversations.Get("c");
        await conversation.Listen(new SpokenDraft("my name is"));
        Assert.Equal(["Silo_0"], await fleet.Holders.Of("c"));

        Assert.Null(await conversation.Forget());

        Assert.Equal(["c"], fleet.Device("Silo_0").Forgotten);
        Assert.Empty(await fleet.Holders.Of("c"));
    }

    [Fact]
    public async Task A_silo_that_dies_between_the_record_and_the_deletion_leaves_a_conversation_that_can_be_deleted()
    {
        await using var fleet = await TestFleet.Start(1);
        var conversation = fleet.Conversations.Get("c");
        await conversation.Whole("hello");
        fleet.Storage.BeforeWrite = _ => throw new IOException("dead");
        await Assert.ThrowsAsync<ProblemException>(() => conversation.Forget());
        Assert.Equal(["c"], await fleet.Holders.OwedBy("Silo_0", 10));

        fleet.Storage.BeforeWrite = _ => Task.CompletedTask;
        Assert.Equal(["Silo_0"], (await conversation.Forget())!.Forgotten);
        Assert.Empty(await fleet.Holders.OwedBy("Silo_0", 10));
    }

    [Fact]
    public async Task A_sweep_brings_nothing_into_memory_and_keeps_who_has_just_come_back()
    {
        await using var fleet = await TestFleet.Start(1, settings => settings with { Fleet = settings.Fleet with { Retention = TimeSpan.FromMinutes(1) } });
        for (var i = 0; i < 50; i++)
        {
            await fleet.Store($"old{i}", LongAgo);
        }

        await fleet.Store("fresh", DateTimeOffset.UtcNow);
        await fleet.Index.Touch(new ConversationSummary("fresh", 1, LongAgo)); // the list says less than the record
        var goes = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        fleet.Device("Silo_0").Pace = (_, _) => goes.Task;
        var reply = fleet.Conversations.Get("back").All(new Turn { TurnId = "t", Text = "I am back" });
        await Eventually.Holds(() => fleet.Device("Silo_0").Running == 1, () => "the turn runs");
        await fleet.Index.Touch(new ConversationSummary("back", 1, LongAgo)); // what the sweep's page said

        Assert.Equal(50, await Sweep(fleet));

        Assert.DoesNotContain(Enumerable.Range(0, 50), i => fleet.HostOf($"old{i}") is not null);
        Assert.DoesNotContain(fleet.Storage.Keys, key => key.Contains("/old", StringComparison.Ordinal));
        Assert.Null(fleet.HostOf("fresh"));
        goes.SetResult();
        Assert.True((await reply)[^1] is ReplyCompleted, $"{(await reply)[^1]}");
        Assert.Single(await fleet.Conversations.Get("back").History());
        Assert.Single(await fleet.Conversations.Get("fresh").History());
    }

    [Fact]
    public async Task An_idle_conversation_in_memory_is_forgotten_by_its_own_grain()
    {
        await using var fleet = await TestFleet.Start(1, settings => settings with { Fleet = settings.Fleet with { Retention = TimeSpan.FromMinutes(1) } });
        await fleet.Store("c", LongAgo);
        Assert.Single(await fleet.Conversations.Get("c").History());
        Assert.NotNull(fleet.HostOf("c"));

        Assert.Equal(1, await Sweep(fleet));

        // The object that was in memory would be refused its next write.
        Assert.Equal("Silo_0:1:new", (await fleet.Conversations.Get("c").Whole("new")).Text);
    }

    private static Task<int> Sweep(TestFleet fleet) => fleet.Cluster.Client.GetGrain<IRetentionGrain>(IRetentionGrain.Key).Sweep();

    /// <summary>Two turns, by two devices.</summary>
    private static async Task<(string First, string Second)> AnsweredByTwo(TestFleet fleet, IConversation conversation)
    {
        await conversation.Whole("one");
        var first = (await conversation.History())[0].AnsweredBy!;
        fleet.Device(first).Waiting = 100;
        await fleet.Knows(first, 100);
        await conversation.Whole("two");
        var second = (await conversation.History())[1].AnsweredBy!;
        Assert.NotEqual(first, second);
        fleet.Device(first).Waiting = 0;
        return (first, second);
    }
}
