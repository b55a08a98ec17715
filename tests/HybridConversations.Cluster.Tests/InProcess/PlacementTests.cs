using HybridConversations.Orleans.Contracts;

namespace HybridConversations.Cluster.Tests.InProcess;

public sealed class PlacementTests
{
    [Fact]
    public async Task A_device_is_called_on_its_own_silo_and_turns_stay_where_the_KV_is()
    {
        await using var fleet = await TestFleet.Start(3);
        foreach (var silo in fleet.Cluster.Silos)
        {
            var status = await fleet.Cluster.Client.GetGrain<IDeviceGrain>(silo.Name).Status();
            Assert.Equal(silo.Name, status.DeviceId);
        }

        var conversation = fleet.Conversations.Get("stays");
        var first = await conversation.Whole("one");
        var device = first.Text.Split(':')[0];
        for (var i = 0; i < 5; i++)
        {
            Assert.StartsWith(device + ":", (await conversation.Whole($"turn {i}")).Text);
        }

        Assert.Equal(device, fleet.HostOf("stays"));
        var history = await conversation.History();
        Assert.Equal(6, history.Count);
        Assert.All(history, turn => Assert.Equal(device, turn.AnsweredBy));
        Assert.Contains("would be done soonest", history[0].RouteReason);
        Assert.Contains("holds the conversation's KV state", history[1].RouteReason);
        Assert.Equal(1 + 2 * 5, int.Parse(history[5].Reply.Split(':')[1])); // the device was shown all earlier turns
    }

    [Fact]
    public async Task A_turn_for_one_device_alone_is_answered_there_wherever_the_KV_is()
    {
        await using var fleet = await TestFleet.Start(2);
        var conversation = fleet.Conversations.Get("pinned");
        await conversation.Whole("one");
        foreach (var device in new[] { "Silo_0", "Silo_1" })
        {
            var reply = await conversation.All(new Turn { TurnId = device, Text = "here", Device = device });
            Assert.StartsWith(device + ":", Assert.IsType<ReplyCompleted>(reply[^1]).Text);
        }

        var nowhere = await conversation.All(new Turn { TurnId = "nowhere", Text = "here", Device = "Silo_7" });
        Assert.Contains("Ready: Silo_", Assert.IsType<ReplyFailed>(nowhere[^1]).Problem.Detail);
    }

    [Fact]
    public async Task A_turn_leaves_a_saturated_device_and_its_conversation_follows()
    {
        await using var fleet = await TestFleet.Start(2);
        var conversation = fleet.Conversations.Get("moves");
        var before = (await conversation.Whole("one")).Text.Split(':')[0];
        fleet.Device(before).Waiting = 50;
        await fleet.Knows(before, waiting: 50);

        var second = await conversation.Whole("two");

        var after = second.Text.Split(':')[0];
        Assert.NotEqual(before, after);
        var turn = (await conversation.History())[1];
        Assert.Contains($"'{before}', which holds the KV state, is saturated", turn.RouteReason);
        await Eventually.Holds(() => fleet.HostOf("moves") == after, () => $"the conversation lives on {after}; it lives on {fleet.HostOf("moves")}");
        fleet.Device(before).Waiting = 0;
        Assert.StartsWith(after + ":5:", (await conversation.Whole("three")).Text);
    }

    [Fact]
    public async Task New_conversations_spread_over_the_devices()
    {
        await using var fleet = await TestFleet.Start(3);
        var conversations = fleet.Conversations;
        var replies = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => conversations.Get($"c{i}").Whole("hello")));
        var byDevice = replies.CountBy(reply => reply.Text.Split(':')[0]).ToList();
        Assert.Equal(3, byDevice.Count);
        Assert.All(byDevice, device => Assert.InRange(device.Value, 10, 35));
        Assert.Equal(60, (await conversations.List(null, 100)).Conversations.Count);
    }
}
