using HybridConversations.Orleans.Contracts;

namespace HybridConversations.Cluster.Tests.InProcess;

public sealed class LossTests
{
    [Fact]
    public async Task A_turn_in_flight_when_its_device_dies_ends_in_a_retryable_error_and_goes_on_elsewhere()
    {
        await using var fleet = await TestFleet.Start(3);
        var conversation = fleet.Conversations.Get("survives");
        await conversation.Whole("first");
        var device = (await conversation.History())[0].AnsweredBy!;
        var speaking = new TaskCompletionSource();
        fleet.Device(device).Pieces = 1000;
        fleet.Device(device).Pace = async (piece, stop) =>
        {
            if (piece == 3)
            {
                speaking.SetResult();
                await Task.Delay(Timeout.Infinite, stop);
            }
        };
        var turn = new Turn { TurnId = "in-flight", Text = "second" };
        var reply = conversation.All(turn);
        await speaking.Task;

        await fleet.Cluster.KillSiloAsync(fleet.Silo(device));

        var end = Assert.IsType<ReplyFailed>((await reply)[^1]);
        Assert.True(end.Problem.Retryable);
        Assert.Equal(ProblemCodes.DeviceLost, end.Problem.Code);

        var again = await conversation.Whole("second", "in-flight");
        Assert.False(again.Replayed);
        Assert.NotEqual(device, again.Text.Split(':')[0]);
        Assert.Equal("3", again.Text.Split(':')[1]);
        Assert.Equal(["first", "second"], (await conversation.History()).Select(t => t.User));
        Assert.All(await conversation.History(), t => Assert.Equal(TurnState.Completed, t.State));

        // Sent once more, it is told again and not run again.
        var told = await conversation.Whole("second", "in-flight");
        Assert.True(told.Replayed);
        Assert.Equal(again.Text, told.Text);
    }

    [Fact]
    public async Task A_device_that_comes_back_is_used_again()
    {
        await using var fleet = await TestFleet.Start(2);
        var lost = fleet.Silo("Silo_1");
        await fleet.Cluster.KillSiloAsync(lost);
        await fleet.HasDevices(1);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => fleet.Conversations.Get($"while-away-{i}").Whole("hello")));

        await fleet.Cluster.StartAdditionalSiloAsync();
        await fleet.HasDevices(2);

        var used = new HashSet<string>();
        for (var i = 0; i < 60 && used.Count < 2; i++)
        {
            used.Add((await fleet.Conversations.Get($"back-{i}").Whole("hello")).Text.Split(':')[0]);
        }

        Assert.Equal(2, used.Count);
    }

    [Fact]
    public async Task A_drained_device_ends_its_turns_and_takes_no_more()
    {
        await using var fleet = await TestFleet.Start(2);
        var conversation = fleet.Conversations.Get("drained");
        await conversation.Whole("one");
        var device = (await conversation.History())[0].AnsweredBy!;
        var running = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        fleet.Device(device).Pieces = 2;
        fleet.Device(device).Pace = async (piece, stop) =>
        {
            if (piece == 1)
            {
                running.TrySetResult();
                await goOn.Task.WaitAsync(stop);
            }
        };
        var reply = conversation.Whole("two");
        await running.Task;

        var drain = fleet.Fleet.Drain(device, leave: false);
        await Eventually.Holds(
            async () => (await fleet.Fleet.View()).Devices.Single(d => d.DeviceId == device).State == DeviceState.Draining, () => "the fleet knows that it drains");
        Assert.False(drain.IsCompleted);
        goOn.SetResult();

        Assert.Equal(0, await drain);
        Assert.StartsWith(device + ":", (await reply).Text);
        Assert.DoesNotContain(device + ":", (await conversation.Whole("three")).Text);
        await Eventually.Holds(() => fleet.HostOf("drained") != device, () => "its conversation was handed over");
    }

    [Fact]
    public async Task A_silo_that_stops_in_order_loses_no_turn_that_is_being_answered()
    {
        await using var fleet = await TestFleet.Start(2);
        var conversation = fleet.Conversations.Get("handed-over");
        await conversation.Whole("one");
        var device = (await conversation.History())[0].AnsweredBy!;
        var running = new TaskCompletionSource();
        fleet.Device(device).Pieces = 20;
        fleet.Device(device).Pace = async (piece, stop) =>
        {
            running.TrySetResult();
            await Task.Delay(20, stop);
        };
        var reply = conversation.Whole("two");
        await running.Task;

        await fleet.Cluster.StopSiloAsync(fleet.Silo(device));

        Assert.EndsWith(" 19 20", (await reply).Text);
        Assert.DoesNotContain(device + ":", (await conversation.Whole("three")).Text);
        Assert.Equal(3, (await conversation.History()).Count(turn => turn.State == TurnState.Completed));
    }

    [Fact]
    public async Task Calls_to_a_device_that_is_not_there_fail_at_once()
    {
        await using var fleet = await TestFleet.Start(1);
        await Assert.ThrowsAnyAsync<Exception>(() => fleet.Cluster.Client.GetGrain<IDeviceGrain>("nobody").Status().AsTask().WaitAsync(TimeSpan.FromSeconds(5)));
        var missing = await Assert.ThrowsAsync<ProblemException>(() => fleet.Fleet.Drain("nobody", false));
        Assert.Equal(ProblemCodes.NotFound, missing.Problem.Code);
        Assert.Contains("Silo_0", missing.Message);
    }
}
