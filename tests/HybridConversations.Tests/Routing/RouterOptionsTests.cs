using HybridConversations.Routing;

namespace HybridConversations.Tests.Routing;

public sealed class RouterOptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => Assert.Empty(new RouterOptions().Validate());

    [Fact]
    public void Every_error_is_named_in_one_message()
    {
        var options = new RouterOptions
        {
            Threshold = 1.5,
            CloudShare = 0,
            HardShare = -1,
            BusyThreshold = -0.1,
            BusyQueueShare = 2,
            FollowUpThreshold = 0,
            CloudReplyMs = 0,
        };

        var refused = Assert.Throws<ArgumentException>(() => new Router(options));

        foreach (var key in new[] { "threshold", "cloud-share", "hard-share", "busy-threshold", "busy-queue-share", "follow-up-threshold", "cloud-reply-ms" })
        {
            Assert.Contains($"\"routing\": {key} is ", refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(0)]
    [InlineData(1)]
    public void A_threshold_lies_between_none_and_all(double threshold) => Assert.NotEmpty(new RouterOptions { Threshold = threshold }.Validate());

    [Fact]
    public void A_threshold_and_a_share_are_one_too_many() =>
        Assert.Contains("give one of the two", Assert.Single(new RouterOptions { Threshold = 0.5, CloudShare = 0.1 }.Validate()), StringComparison.Ordinal);

    [Fact]
    public void The_busy_threshold_may_not_exceed_the_threshold() =>
        Assert.Contains("busy-threshold", Assert.Single(new RouterOptions { Threshold = 0.3, BusyThreshold = 0.4 }.Validate()), StringComparison.Ordinal);

    [Fact]
    public void A_share_of_traffic_picks_the_lowest_threshold_that_keeps_to_it()
    {
        var tight = new RouterOptions { CloudShare = 0.06 }.EffectiveThreshold;
        var loose = new RouterOptions { CloudShare = 0.12 }.EffectiveThreshold;

        var next = RouterCalibration.Default.Points.Last(point => point.Threshold < loose);

        Assert.True(loose < tight);
        Assert.True(RouterCalibration.Default.ShareAt(loose, 0.1) <= 0.12 && next.ShareOf(0.1) > 0.12);
        Assert.True(RouterCalibration.Default.ShareAt(tight, 0.1) <= 0.06);
    }

    [Fact]
    public void The_calibration_falls_with_the_threshold()
    {
        var points = RouterCalibration.Default.Points;

        Assert.Equal(106, points.Count);
        Assert.All(points.Zip(points.Skip(1)), pair =>
        {
            Assert.True(pair.First.Threshold < pair.Second.Threshold);
            Assert.True(pair.First.EverydaySent >= pair.Second.EverydaySent);
            Assert.True(pair.First.HardSent >= pair.Second.HardSent);
        });
    }
}
