using HybridConversations.Conversations;
using HybridConversations.Orleans.Fleet;
using HybridConversations.Storage;

namespace HybridConversations.Cluster.Tests.InProcess;

public sealed class SlowReaderTests
{
    [Fact]
    public async Task A_slow_reader_at_a_gateway_does_not_discredit_the_device()
    {
        await using var fleet = await TestFleet.Start(2, settings => settings with { Fleet = settings.Fleet with { ResponseTimeout = TimeSpan.FromSeconds(1) } });
        fleet.Device("Silo_0").Waiting = 100;
        await fleet.Knows("Silo_0", 100);
        var device = fleet.Device("Silo_1");
        device.Pieces = 1000;
        var link = await fleet.Service<IDevicePicker>("Silo_0").Pick(new ConversationHead { Id = "" }, new Turn { TurnId = "x", Text = "x" });
        await using var events = link.Generate(new DeviceRequest { Messages = [new ChatMessage(ChatMessage.User, "hi")] }).GetAsyncEnumerator();
        Assert.True(await events.MoveNextAsync());

        // Nobody reads, and the device is done all the same.
        await Eventually.Holds(() => device is { Generations: 1, Running: 0 }, () => "the device has said all");

        var text = ((DeviceText)events.Current).Text;
        DeviceEvent? last = null;
        while (await events.MoveNextAsync())
        {
            last = events.Current;
            text += (last as DeviceText)?.Text;
        }

        Assert.IsType<DeviceFinished>(last);
        Assert.Equal("Silo_1:1:hi " + string.Join(' ', Enumerable.Range(1, 1000)), text);
        Assert.Equal(0, device.Cancelled);
        Assert.Empty(fleet.Service<FleetDirectory>("Silo_0").Suspects);
    }
}
