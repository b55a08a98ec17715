using HybridConversations.Bench.Http;
using HybridConversations.Bench.Scenarios;

namespace HybridConversations.Bench.Tests.Scenarios;

public sealed class DecodeRateTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void Steady_counts_only_the_time_in_which_all_are_written()
    {
        var early = new ReplyTrace("early", _clock);
        var late = new ReplyTrace("late", _clock);

        // early alone: a token every 10 ms; from 100 ms on both: two tokens every 20 ms; early ends at 300 ms.
        for (var at = 10; at <= 400; at += 10)
        {
            _clock.Advance(10);
            if (at <= 90 || (at <= 300 && at % 20 == 0))
            {
                early.AddText("e", _clock.GetTimestamp());
            }

            if (at >= 100 && at % 20 == 0)
            {
                late.AddText("l", _clock.GetTimestamp());
            }
        }

        early.End();
        late.End();

        Assert.Equal(100, DecodeRate.Steady([early, late], _clock)!.Value, 1e-6);
        Assert.Equal((early.CompletionTokens + late.CompletionTokens) / 0.4, DecodeRate.Whole([early, late], _clock), 1e-6);
    }

    [Fact]
    public void Pieces_of_several_tokens_count_as_the_server_counts()
    {
        var reply = new ReplyTrace("one", _clock);
        for (var piece = 0; piece < 5; piece++)
        {
            _clock.Advance(10);
            reply.AddText("two tokens", _clock.GetTimestamp());
        }

        reply.Usage = new ReplyUsage(7, 10, CachedTokens: null);

        // Four pieces of two tokens in 40 ms.
        Assert.Equal(200, DecodeRate.Steady([reply], _clock)!.Value, 1e-6);
        Assert.Equal([10, 10, 10, 10], reply.GapsMs);
        Assert.Equal(10, reply.FirstTokenMs);
        Assert.Null(reply.Usage.ReadTokens);
    }

    [Fact]
    public void Streams_that_never_ran_together_have_no_steady_rate()
    {
        var first = new ReplyTrace("first", _clock);
        first.AddText("a", _clock.GetTimestamp());
        _clock.Advance(10);
        var second = new ReplyTrace("second", _clock);
        second.AddText("b", _clock.GetTimestamp());

        Assert.Null(DecodeRate.Steady([first, second], _clock));
        Assert.Null(DecodeRate.Steady([first, new ReplyTrace("silent", _clock)], _clock));
    }
}
