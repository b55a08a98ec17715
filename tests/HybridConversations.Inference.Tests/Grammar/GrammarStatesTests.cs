using HybridConversations.Inference.Grammar;

namespace HybridConversations.Inference.Tests.Grammar;

public sealed class GrammarStatesTests
{
    [Theory]
    [InlineData("root ::= \"a\" [b-d]* e? | \"\\\"x\"\ne ::= \"e\"", "abcde,a,ae,\"x", "b,aee,aea,")]
    [InlineData("root ::= ([^a-c] | \"ab\"){2,3}", "xx,abab,xabx,é日", "x,xxxx,a")]
    [InlineData("root ::= \"(\" root? \")\"", "(),((()))", "(,(()")]
    [InlineData("root ::= [\\x2D\\u65E5]+", "-,日-", "x,本")]
    [InlineData("root ::= (\"a\"?)* \"b\"", "b,ab,aaab", "a,ba")]
    [InlineData("root ::= item (\",\" item)* # a comment with ((((\nitem ::= [a-z\\]]+ \"{9}\"", "a{9},b]{9}", "a,{9}")]
    [InlineData("root ::= x x x\nx ::= \"a\"? y\ny ::= \"b\"?", ",a,ab,abab,aaa,babab", "aaaa,abbba,c")]
    [InlineData("root ::= (\n  \"a\" |\n  \"b\"\n)+\r\n", "a,ab", "c")]
    [InlineData("root ::= . [^\\n]", "日本,\nx", "x\n,x")]
    public void Reads_as_the_grammar_says(string grammar, string yes, string no)
    {
        var run = new GrammarRun(grammar);
        Assert.All(yes.Split(','), t => Assert.True(run.Accepts(t), t));
        Assert.All(no.Split(','), t => Assert.False(run.Accepts(t), t));
    }

    [Fact]
    public void A_character_may_come_in_pieces_and_must_be_one()
    {
        var run = new GrammarRun("root ::= [à-ü]+ [^x]");
        Assert.True(run.Begins([0xC3]));
        Assert.True(run.Begins([0xC3, 0xA9, 0xC3]));
        Assert.False(run.Begins([0xC4]));
        Assert.False(run.Begins([0xC3, 0x41]));
        Assert.False(run.Begins([0xC3, 0xA9, 0xED, 0xA0])); // half a surrogate pair
        Assert.True(run.Begins([0xC3, 0xA9, 0xF0, 0x9F, 0x98]));
        Assert.False(run.Begins([0xC3, 0xA9, 0xF4, 0x90])); // beyond the last code point
    }

    [Fact]
    public void Knows_where_nothing_more_can_come()
    {
        var run = new GrammarRun("root ::= \"no\" | \"nonsense\" \"!\"?");
        Assert.False(run.Ends("no"));
        Assert.False(run.Ends("nonsense"));
        Assert.True(run.Ends("nonsense!"));
    }

    /// <summary>Our reading against the plain one of the tests: random grammars with random texts, and with texts that a walk through our states makes.</summary>
    [Fact]
    public void Agrees_with_the_plain_reading_of_random_grammars()
    {
        var (fit, other) = (0, 0);
        for (var seed = 0; seed < 1500; seed++)
        {
            var random = new Random(seed);
            var gbnf = RandomGrammar.Write(random);
            GbnfMatcher plain;
            GrammarRun run;
            try
            {
                plain = new GbnfMatcher(gbnf);
                run = new GrammarRun(gbnf);
            }
            catch (Exception e) when (e is FormatException or ProblemException)
            {
                continue;
            }

            for (var i = 0; i < 20; i++)
            {
                var text = i % 2 == 0 ? RandomGrammar.Text(random, 8) : run.Walk(random, 12);
                var fits = plain.Accepts(text);
                Assert.True(fits == run.Accepts(text), $"seed {seed}: '{text}' in\n{gbnf}");
                (fit, other) = fits ? (fit + 1, other) : (fit, other + 1);
            }
        }

        Assert.True(fit > 2000 && other > 2000, $"{fit} texts fitted, {other} did not");
    }

    [Fact]
    public void Lists_and_strings_cost_no_memory()
    {
        var list = new GrammarRun("root ::= item root | item\nitem ::= [a-z]+ \",\"");
        Assert.True(list.Accepts(string.Concat(Enumerable.Repeat("word,", 2000))));
        Assert.InRange(list.States, 1, 20);
        var json = new GrammarRun(JsonSchemaGrammar.AnyObject);
        Assert.True(json.Accepts("{" + string.Join(",", Enumerable.Range(0, 500).Select(i => $"\"k{i}\":[{i},true,\"x\"]")) + "}"));
        Assert.InRange(json.States, 1, 400);
    }

    [Fact]
    public void Forgets_what_it_does_not_need_and_goes_on()
    {
        var work = new GrammarWork(int.MaxValue, 0, int.MaxValue);
        var states = new GrammarStates(GrammarCompiler.Compile("root ::= \"(\" root? \")\" | [a-z]"), work);
        var state = states.Start;
        for (var depth = 0; depth < 300; depth++)
        {
            state = states.Next(state, (byte)'(');
        }

        var known = states.Count;
        state = states.Forget(state);
        Assert.InRange(states.Count, 1, known / 10);
        state = states.Next(state, (byte)'q');
        for (var depth = 0; depth < 300; depth++)
        {
            Assert.False(states.Accepts(state));
            state = states.Next(state, (byte)')');
        }

        Assert.True(states.IsEnd(state));
    }
}
