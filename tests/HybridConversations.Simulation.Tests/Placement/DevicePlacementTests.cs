using HybridConversations.Fleet;

namespace HybridConversations.Simulation.Tests.Placement;

/// <summary>The policy that the fleet's picker and the simulator share (src/HybridConversations/Fleet).</summary>
public sealed class DevicePlacementTests
{
    private static readonly PlacementOptions Options = new(TimeSpan.FromSeconds(1));

    [Fact]
    public void TheHolderAnswersUnlessATurnWouldWaitTooLong()
    {
        DeviceStatus[] devices = [Device(running: 8, waiting: 0), Device(running: 0, waiting: 0)];

        Assert.Equal(new PlacementChoice(0, PlacementCause.HoldsKv, 0), DevicePlacement.Choose(0, devices, 500, Options, new Random(1)));

        devices[0] = Device(running: 8, waiting: 20);
        Assert.Equal((1, PlacementCause.HolderSaturated), Of(DevicePlacement.Choose(0, devices, 500, Options, new Random(1))));
    }

    [Fact]
    public void ASaturatedHolderStaysWhereNobodyWouldBeSooner()
    {
        DeviceStatus[] devices = [Device(running: 8, waiting: 20), Device(running: 8, waiting: 21)];

        Assert.Equal((0, PlacementCause.NobodySooner), Of(DevicePlacement.Choose(0, devices, 5000, Options, new Random(1))));
    }

    [Fact]
    public void WithoutDevicesThereIsNoChoice() => Assert.Null(DevicePlacement.Choose(-1, [], 0, Options, new Random(1)));

    [Fact]
    public void InALargeFleetNotEverybodyGoesToTheOneThatWasLeastBusy()
    {
        DeviceStatus[] devices = [.. Enumerable.Range(0, 1000).Select(i => Device(running: i == 0 ? 0 : 1, waiting: 0))];
        var random = new Random(1);

        var chosen = Enumerable.Range(0, 500).Select(_ => DevicePlacement.Choose(-1, devices, 100, Options, random)!.Value.Index).ToList();

        Assert.InRange(chosen.Count(index => index == 0), 0, 30);
        Assert.True(chosen.Distinct().Count() > 300);
    }

    [Fact]
    public void InASmallFleetAllAreCompared()
    {
        DeviceStatus[] devices = [.. Enumerable.Range(0, 4).Select(i => Device(running: i == 2 ? 0 : 3, waiting: 0))];

        Assert.All(Enumerable.Range(0, 50), seed => Assert.Equal(2, DevicePlacement.Choose(-1, devices, 100, Options, new Random(seed))!.Value.Index));
    }

    [Theory]
    [InlineData(1, 0, false)]
    [InlineData(3, 0, true)]
    [InlineData(1, 1, true)]
    public void NewsIsAQueueThatChangesOrMoreThanOneReply(int running, int waiting, bool news) =>
        Assert.Equal(news, LoadNews.IsNews(Device(running, waiting), Device(1, 0)));

    private static (int, PlacementCause) Of(PlacementChoice? choice) => (choice!.Value.Index, choice.Value.Cause);

    private static DeviceStatus Device(int running, int waiting) => new()
    {
        DeviceId = "d",
        State = DeviceState.Ready,
        Model = new ModelStatus("m", "h", "", 1, 1),
        Load = new DeviceLoad(running, waiting, 256, running, 64, 0, 8192, 0),
        Profile = new DeviceProfile(37, 900, 27),
    };
}
