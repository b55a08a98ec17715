using HybridConversations.Escalations.Resilience;

namespace HybridConversations.Tests.Escalations.Resilience;

public sealed class TokenRateTests
{
    [Fact]
    public void A_minutes_worth_goes_at_once_and_then_evenly()
    {
        var time = new ManualTime();
        var rate = new TokenRate(600, time);
        Assert.True(rate.TryTake(600, TimeSpan.Zero, out var wait));
        Assert.Equal(TimeSpan.Zero, wait);
        Assert.False(rate.TryTake(10, TimeSpan.Zero, out wait));
        Assert.Equal(TimeSpan.FromSeconds(1), wait);
        Assert.True(rate.TryTake(10, TimeSpan.FromSeconds(1), out wait));
        Assert.Equal(TimeSpan.FromSeconds(1), wait);

        // The next one waits behind it.
        Assert.False(rate.TryTake(10, TimeSpan.FromSeconds(1), out wait));
        Assert.Equal(TimeSpan.FromSeconds(2), wait);
        time.AdvanceMs(2_000);
        Assert.True(rate.TryTake(10, TimeSpan.Zero, out _));
        Assert.False(rate.TryTake(1, TimeSpan.Zero, out _));
    }

    [Fact]
    public void What_was_not_used_comes_back_and_no_more()
    {
        var time = new ManualTime();
        var rate = new TokenRate(600, time);
        Assert.True(rate.TryTake(600, TimeSpan.Zero, out _));
        rate.Return(600, 100);
        Assert.True(rate.TryTake(500, TimeSpan.Zero, out _));
        Assert.False(rate.TryTake(1, TimeSpan.Zero, out _));
        rate.Return(500, 9_000);
        Assert.False(rate.TryTake(1, TimeSpan.Zero, out _));
        time.Advance(TimeSpan.FromHours(1));
        Assert.True(rate.TryTake(600, TimeSpan.Zero, out _));
        Assert.False(rate.TryTake(1, TimeSpan.Zero, out _));
    }

    [Fact]
    public void A_call_larger_than_a_minutes_worth_goes_when_the_bucket_is_full()
    {
        var time = new ManualTime();
        var rate = new TokenRate(600, time);
        Assert.True(rate.TryTake(5_000, TimeSpan.Zero, out _));
        Assert.False(rate.TryTake(5_000, TimeSpan.FromSeconds(59), out _));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(rate.TryTake(5_000, TimeSpan.Zero, out _));
    }
}
