using HybridConversations.Inference.Sampling;
using HybridConversations.Tests.Common;

namespace HybridConversations.Inference.Tests.Sampling;

public sealed class ThoughtWatchTests
{
    private static readonly SimulatedBackend Backend = new();
    private static readonly int[] Closing = SimulatedModel.Tokenize("</think>\n", parseSpecial: false);

    [Fact]
    public void A_thought_that_the_prompt_opened_is_closed_when_it_has_had_its_share()
    {
        var watch = Watch(isOpen: true, tokens: 5);
        foreach (var token in SimulatedModel.Tokenize("12345", parseSpecial: false))
        {
            Assert.Null(watch.Forced);
            watch.Accept(token);
        }

        foreach (var token in Closing)
        {
            Assert.Equal(token, watch.Forced);
            watch.Accept(token);
        }

        Assert.Null(watch.Forced);
        Say(watch, "and the answer is as long as it likes to be");
        Assert.Null(watch.Forced);
    }

    [Fact]
    public void A_thought_that_ends_in_time_is_left_alone_and_text_does_not_count()
    {
        var watch = Watch(isOpen: false, tokens: 12);
        Say(watch, "much text before it");
        Assert.Null(watch.Forced);
        Say(watch, "<think>ok</think>");
        Assert.Null(watch.Forced);
        Say(watch, "much text behind it");
        Assert.Null(watch.Forced);
    }

    [Fact]
    public void No_share_closes_it_at_once()
    {
        Assert.Equal(Closing[0], Watch(isOpen: true, tokens: 0).Forced);
        var watch = Watch(isOpen: false, tokens: 0);
        Assert.Null(watch.Forced);
        Say(watch, "<think>");
        Assert.Equal(Closing[0], watch.Forced);
    }

    [Fact]
    public void Without_a_limit_it_only_counts_what_was_thought()
    {
        var watch = Watch(isOpen: false, tokens: ThoughtLimit.None);
        Say(watch, "text <think>");
        Assert.Equal(0, watch.Count);
        Say(watch, "1234567");
        Assert.Equal((7, null), (watch.Count, watch.Forced));
        Say(watch, "</think> text");

        // This model writes a mark in eight tokens, and only the last of them tells that it is one.
        Assert.Equal(7 + "</think>".Length - 1, watch.Count);
    }

    private static ThoughtWatch Watch(bool isOpen, int tokens) => new(new ThoughtLimit("<think>", "</think>", isOpen, Closing, tokens), Backend);

    private static void Say(ThoughtWatch watch, string text)
    {
        foreach (var token in SimulatedModel.Tokenize(text, parseSpecial: false))
        {
            watch.Accept(token);
        }
    }
}
