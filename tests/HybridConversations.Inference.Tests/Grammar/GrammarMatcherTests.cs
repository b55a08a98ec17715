using HybridConversations.Inference.Grammar;
using HybridConversations.Tests.Common;

namespace HybridConversations.Inference.Tests.Grammar;

public sealed class GrammarMatcherTests
{
    private static readonly GrammarLibrary Library = new(new SimulatedBackend());

    [Fact]
    public void Only_what_fits_is_allowed()
    {
        var matcher = Library.Compile("root ::= \"yes\" | \"no\" | \"é\"").Begin();
        var logits = new float[SimulatedModel.VocabularySize];
        matcher.Mask(logits);
        Assert.Equal([.. "ny".Select(c => (int)c), 0xC3], Enumerable.Range(0, logits.Length).Where(t => logits[t] == 0));
        Assert.All(Enumerable.Range(0, logits.Length), t => Assert.Equal(logits[t] == 0, matcher.Allows(t)));
    }

    [Fact]
    public void A_whole_text_lets_only_the_end_come_next()
    {
        var matcher = Library.Compile("root ::= \"no\"").Begin();
        Assert.False(matcher.Allows(SimulatedModel.MessageEnd));
        matcher.Accept('n');
        Assert.False(matcher.IsEnd);
        matcher.Accept('o');
        Assert.True(matcher.IsEnd);
        Assert.True(matcher.Allows(SimulatedModel.MessageEnd));
        Assert.False(matcher.Allows(SimulatedModel.MessageStart));
        Assert.False(matcher.Allows('n'));
        Assert.Throws<InvalidOperationException>(() => matcher.Accept('n'));
        var logits = new float[SimulatedModel.VocabularySize];
        matcher.Mask(logits);
        Assert.Equal([SimulatedModel.MessageEnd, SimulatedModel.EndOfText], Enumerable.Range(0, logits.Length).Where(t => logits[t] == 0));
    }

    [Fact]
    public void Two_replies_of_one_grammar_do_not_touch()
    {
        var grammar = Library.Compile("root ::= [ab]{3}");
        Assert.Same(grammar, Library.Compile("root ::= [ab]{3}"));
        var (one, other) = (grammar.Begin(), grammar.Begin());
        one.Accept('a');
        one.Accept('a');
        one.Accept('a');
        Assert.True(one.IsEnd);
        Assert.True(other.Allows('b'));
    }

    [Fact]
    public void A_long_reply_keeps_its_memory_bounded()
    {
        var matcher = Library.Compile("root ::= \"(\" root? \")\" | [a-z]").Begin();
        for (var depth = 0; depth < 20_000; depth++)
        {
            matcher.Accept('(');
        }

        matcher.Accept('q');
        for (var depth = 0; depth < 20_000; depth++)
        {
            Assert.False(matcher.IsEnd);
            matcher.Accept(')');
        }

        Assert.True(matcher.IsEnd);
    }
}
