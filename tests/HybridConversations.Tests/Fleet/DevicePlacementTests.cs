using HybridConversations.Fleet;
using HybridConversations.Tests.Common;

namespace HybridConversations.Tests.Fleet;

/// <summary>The policy that the fleet's silos and the simulator share.</summary>
public sealed class DevicePlacementTests
{
    private static readonly PlacementOptions Options = new(TimeSpan.FromSeconds(1));

    [Fact]
    public void The_holder_answers_unless_a_turn_would_wait_too_long()
    {
        var request = new PlacementRequest(Holder: 0, PromptTokens: 500);

        Assert.Equal(new PlacementChoice(0, PlacementCause.HoldsKv, 0), Choose(request, Device(running: 8), Device()));
        Assert.Equal((1, PlacementCause.HolderSaturated), Of(Choose(request, Device(running: 8, waiting: 20), Device())));
    }

    [Fact]
    public void A_saturated_holder_answers_where_nobody_would_be_sooner() =>
        Assert.Equal((0, PlacementCause.NobodySooner), Of(Choose(new PlacementRequest(Holder: 0, PromptTokens: 5000), Device(running: 8, waiting: 20), Device(running: 8, waiting: 21))));

    [Fact]
    public void Without_devices_there_is_no_choice() => Assert.Null(Choose(new PlacementRequest()));

    /// <summary>A device that looks best in everybody's report gets its share and not everything.</summary>
    [Fact]
    public void In_a_large_fleet_not_everybody_goes_to_the_one_that_looks_soonest()
    {
        PlacementCandidate[] devices = [.. Enumerable.Range(0, 1000).Select(i => Device(running: i == 0 ? 0 : 1))];
        var random = new Random(1);

        var chosen = Enumerable.Range(0, 500).Select(_ => DevicePlacement.Choose(new PlacementRequest(), devices, Options, random)!.Value.Index).ToList();

        Assert.InRange(chosen.Count(index => index == 0), 0, 30);
        Assert.True(chosen.Distinct().Count() > 300);
    }

    /// <summary>
    /// An idle fleet, one report of each device, and a hundred new conversations before the next: by the soonest report they all went to the device whose measured step is a
    /// fraction of a millisecond shorter.
    /// </summary>
    [Theory]
    [InlineData(3)]
    [InlineData(20)]
    public void New_conversations_between_two_reports_spread_over_an_idle_fleet(int devices)
    {
        var (clock, random) = (new VirtualClock(), new Random(1));
        var sent = new SentTurns(clock);
        DeviceStatus[] reports = [.. Enumerable.Range(0, devices).Select(i => Device(stepMs: 37 + (0.01 * i)).Status with { DeviceId = $"d{i}" })];
        var madeAt = clock.GetTimestamp();
        clock.Advance(TimeSpan.FromMilliseconds(200));
        var turns = new int[devices];
        for (var i = 0; i < 10 * devices; i++)
        {
            PlacementCandidate[] candidates = [.. reports.Select(report => new PlacementCandidate(report, sent.Since(report.DeviceId, madeAt)))];
            var chosen = DevicePlacement.Soonest(new PlacementRequest(PromptTokens: 20), candidates, Options, random);
            sent.Add(reports[chosen].DeviceId, 20);
            turns[chosen]++;
        }

        Assert.All(turns, count => Assert.InRange(count, 5, 16));

        clock.Advance(TimeSpan.FromMilliseconds(100));
        Assert.All(reports, report => Assert.Equal(default, sent.Since(report.DeviceId, clock.GetTimestamp()))); // the next reports count them
    }

    [Fact]
    public void What_was_sent_a_moment_before_a_report_is_not_in_it()
    {
        var clock = new VirtualClock();
        var sent = new SentTurns(clock);
        sent.Add("d", 30);
        clock.Advance(TimeSpan.FromMilliseconds(10));
        sent.Add("d", 12);

        Assert.Equal(new SentLoad(2, 42), sent.Since("d", clock.GetTimestamp()));
        clock.Advance(TimeSpan.FromMilliseconds(45));
        Assert.Equal(new SentLoad(1, 12), sent.Since("d", clock.GetTimestamp()));
        Assert.Equal(default, sent.Since("other", 0));
    }

    [Fact]
    public void In_a_small_fleet_all_are_compared()
    {
        PlacementCandidate[] devices = [.. Enumerable.Range(0, 4).Select(i => Device(running: i == 2 ? 0 : 3))];

        Assert.All(Enumerable.Range(0, 50), seed => Assert.Equal(2, DevicePlacement.Choose(new PlacementRequest(), devices, Options, new Random(seed))!.Value.Index));
    }

    [Fact]
    public void Between_equals_the_askers_own_device_is_taken()
    {
        PlacementCandidate[] devices = [.. Enumerable.Range(0, 20).Select(_ => Device())];

        Assert.All(Enumerable.Range(0, 50), seed => Assert.Equal(7, DevicePlacement.Soonest(new PlacementRequest(Here: 7), devices, Options, new Random(seed))));
    }

    [Fact]
    public void A_conversation_stays_with_its_model_also_where_another_would_be_sooner()
    {
        PlacementCandidate[] devices = [.. Enumerable.Range(0, 20).Select(i => Device(running: 8, stepMs: i == 13 ? 100 : 10, model: i == 13 ? "7b" : "3b"))];
        var request = new PlacementRequest(PromptTokens: 300, ModelHash: "7b");

        Assert.All(Enumerable.Range(0, 50), seed => Assert.Equal(13, DevicePlacement.Choose(request, devices, Options, new Random(seed))!.Value.Index));
        Assert.NotNull(DevicePlacement.Choose(request with { ModelHash = "gone" }, devices, Options, new Random(1)));
    }

    [Fact]
    public void A_long_conversation_goes_where_there_is_room_for_it()
    {
        PlacementCandidate[] devices = [.. Enumerable.Range(0, 20).Select(i => Device(stepMs: i == 5 ? 100 : 10, cells: i == 5 ? 16384 : 2048))];

        Assert.All(Enumerable.Range(0, 50), seed => Assert.Equal(5, DevicePlacement.Choose(new PlacementRequest(PromptTokens: 6000), devices, Options, new Random(seed))!.Value.Index));
    }

    /// <summary>Boards of three kinds with what each would need for the same turn: the faster ones get more.</summary>
    [Fact]
    public void In_a_mixed_fleet_faster_boards_get_more()
    {
        var sent = new SentTurns(new VirtualClock());
        DeviceStatus[] boards = [.. Enumerable.Range(0, 30).Select(i => Device(stepMs: (i % 3) switch { 0 => 15, 1 => 37, _ => 60 }).Status with { DeviceId = $"d{i}" })];
        var random = new Random(3);
        var turns = new int[3];
        for (var i = 0; i < 300; i++)
        {
            PlacementCandidate[] candidates = [.. boards.Select(board => new PlacementCandidate(board, sent.Since(board.DeviceId, 0)))];
            var chosen = DevicePlacement.Soonest(new PlacementRequest(), candidates, Options, random);
            sent.Add(boards[chosen].DeviceId, 0);
            turns[chosen % 3]++;
        }

        Assert.True(turns[0] > turns[1] && turns[1] > turns[2], string.Join(' ', turns));
    }

    [Theory]
    [InlineData(1, 0, false)]
    [InlineData(3, 0, true)]
    [InlineData(1, 1, true)]
    public void News_is_a_queue_that_changes_or_more_than_one_reply(int running, int waiting, bool news) =>
        Assert.Equal(news, LoadNews.IsNews(Device(running, waiting).Status, Device(1).Status));

    private static PlacementChoice? Choose(PlacementRequest request, params PlacementCandidate[] devices) => DevicePlacement.Choose(request, devices, Options, new Random(1));

    private static (int, PlacementCause) Of(PlacementChoice? choice) => (choice!.Value.Index, choice.Value.Cause);

    private static PlacementCandidate Device(int running = 0, int waiting = 0, double stepMs = 37, string model = "h", int cells = 8192) => new(
        new DeviceStatus
        {
            DeviceId = "d",
            State = DeviceState.Ready,
            Model = new ModelStatus("m", model, "", 1, 131_072),
            Load = new DeviceLoad(running, waiting, 256, running, 64, 0, cells, 0),
            Profile = new DeviceProfile(stepMs, 900, 1000 / stepMs),
        },
        default);
}
