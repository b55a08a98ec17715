namespace HybridConversations.Inference.Tests.Grammar;

/// <summary>The judge of the grammar tests must be right itself.</summary>
public sealed class GbnfMatcherTests
{
    [Theory]
    [InlineData("root ::= \"a\" [b-d]* e? | \"\\\"x\"\ne ::= \"e\"", "abcde,a,ae,\"x", "b,aee,aea,")]
    [InlineData("root ::= ([^a-c] | \"ab\"){2,3}", "xx,abab,xabx", "x,xxxx,a")]
    [InlineData("root ::= \"(\" root? \")\"", "(),((()))", "(,(()")]
    [InlineData("root ::= [\\x2D\\u65E5]+", "-,日-", "x")]
    public void Judges_as_the_grammar_says(string grammar, string yes, string no)
    {
        var matcher = new GbnfMatcher(grammar);
        Assert.All(yes.Split(','), t => Assert.True(matcher.Accepts(t), t));
        Assert.All(no.Split(','), t => Assert.False(matcher.Accepts(t), t));
        var random = new Random(1);
        for (var i = 0; i < 100; i++)
        {
            Assert.True(matcher.Accepts(matcher.Generate(random)));
        }
    }

    [Theory]
    [InlineData("root ::= other")]
    [InlineData("root ::= root \"a\" | \"b\"")]
    [InlineData("root ::= ws root \"a\" | \"b\"\nws ::= \" \"?")]
    [InlineData("root ::= (\"a\"?)*")]
    [InlineData("root ::= \"a\"{3000}")]
    [InlineData("start ::= \"a\"")]
    public void Refuses_what_llama_cpp_refuses(string grammar) => Assert.Throws<FormatException>(() => new GbnfMatcher(grammar));
}
