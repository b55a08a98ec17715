using HybridConversations.Devices.Telemetry;
using HybridConversations.Tests.Common;

namespace HybridConversations.Tests.Devices.Telemetry;

public sealed class ReplyMeterTests
{
    private readonly VirtualClock _clock = new();

    [Fact]
    public void Percentiles_are_those_of_the_last_minute()
    {
        var meter = new ReplyMeter(_clock, firstTokenTargetMs: 1000);
        End(meter, first: 9000, gap: 900);
        _clock.Advance(TimeSpan.FromSeconds(61));
        for (var i = 1; i <= 100; i++)
        {
            End(meter, first: i, gap: 2 * i);
        }

        Assert.Equal(new RecentReplies(100, 50, 95, 100, 190), meter.Recent());
        _clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(new RecentReplies(0, 0, 0, 0, 0), meter.Recent());
    }

    [Fact]
    public void It_keeps_a_bounded_number_and_counts_all()
    {
        var meter = new ReplyMeter(_clock, firstTokenTargetMs: 1000);
        for (var i = 0; i < 2 * ReplyMeter.Kept; i++)
        {
            End(meter, first: i < ReplyMeter.Kept ? 1 : 7, gap: 1);
        }

        Assert.Equal((ReplyMeter.Kept, 7.0), (meter.Recent().Replies, meter.Recent().FirstTokenP50Ms));
        Assert.Equal(2 * ReplyMeter.Kept, meter.Count(new DeviceWork(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)).Replies);
    }

    [Fact]
    public void What_did_not_end_by_itself_is_told_apart()
    {
        var meter = new ReplyMeter(_clock, firstTokenTargetMs: 1000);
        meter.BrokeOff(null);
        meter.BrokeOff(new OperationCanceledException());
        meter.BrokeOff(new ProblemException(ProblemCodes.Overload("full", 1)));
        meter.BrokeOff(new ProblemException(ProblemCodes.PromptTooLong(2, 1)));
        meter.BrokeOff(new InvalidOperationException());
        var work = meter.Count(new DeviceWork(5, 6, 7, 8, 9, 0, 0, 0, 0, 0));
        Assert.Equal(new DeviceWork(5, 6, 7, 8, 9, Replies: 0, Cancelled: 2, Refused: 2, Failed: 1, TokensReused: 0), work);
    }

    private static void End(ReplyMeter meter, double first, double gap) =>
        meter.Ended(new TokenUsage(10, 11, 4, 6), new TurnTimings(first, first + (10 * gap), 0), inTime: null);
}
