using HybridConversations.Inference.Grammar;

namespace HybridConversations.Inference.Tests.Grammar;

public sealed class GbnfParserTests
{
    [Theory]
    [InlineData("this is no grammar", "'::='")]
    [InlineData("", "empty")]
    [InlineData("# only a comment", "empty")]
    [InlineData("start ::= \"a\"", "no rule 'root'")]
    [InlineData("root ::= other", "'root' (line 1) uses 'other'")]
    [InlineData("root ::= \"a\"\nroot ::= \"b\"", "'root' (line 2) is there twice")]
    [InlineData("root ::= root \"a\"", "'root' can begin with itself")]
    [InlineData("root ::= a\na ::= ws b\nb ::= a \"x\"\nws ::= \" \"?", "'a' can begin with itself by way of 'b'")]
    [InlineData("root ::= (root | \"a\")*", "'root' can begin with itself")]
    [InlineData("root ::= x\nx ::= \"a\"{3,1}", "'x' (line 2) repeats something {3,1} times")]
    [InlineData("root ::= \"a\"{ 5 , 2 }", "'root' (line 1) repeats something {5,2} times")]
    [InlineData("root ::= \"a\"{2001}", "at most 2000")]
    [InlineData("root ::= \"a\"{18446744073709551616}", "at most 2000")]
    [InlineData("root ::= \"a\"{-1}", "{n}, {n,} or {n,m}")]
    [InlineData("root ::= \"a\"{,5}", "{n}, {n,} or {n,m}")]
    [InlineData("root ::= \"a\"{1,2,3}", "{n}, {n,} or {n,m}")]
    [InlineData("root ::= \"a\"{5", "{n}, {n,} or {n,m}")]
    [InlineData("root ::= * \"a\"", "nothing before it")]
    [InlineData("root ::= \"a\" <[5]>", "names a token")]
    [InlineData("root ::= !<[5]>", "names a token")]
    [InlineData("root ::= \"\\ud800\"", "U+D800")]
    [InlineData("root ::= [\\U00110000]", "code point")]
    [InlineData("root ::= [z-a]", "backwards")]
    [InlineData("root ::= [a", "line does not end")]
    [InlineData("root ::= \"a\n\"", "line does not end")]
    [InlineData("root ::= \"\\", "escape")]
    [InlineData("root ::= (\"a\"", "without ')'")]
    [InlineData("root ::= \"a\")", "unexpected ')'")]
    public void Refuses_what_is_no_grammar_and_says_where(string gbnf, string what) =>
        Assert.Contains(what, Assert.Throws<ProblemException>(() => GrammarCompiler.Compile(gbnf)).Message, StringComparison.Ordinal);

    [Fact]
    public void Refuses_what_is_too_large()
    {
        Refuses(new string('(', 65) + "\"a\"" + new string(')', 65), "nests more than 64");
        Refuses("\"a\"{2000}{2000}", "rule 'root' is too large");
        Refuses(string.Concat(Enumerable.Repeat("(", 9)) + "\"a\"" + string.Concat(Enumerable.Repeat("){9}", 9)), "rule 'root' is too large");
        Refuses(string.Concat(Enumerable.Repeat("\"abcdefgh\" ", 60_000)), "at most");

        static void Refuses(string body, string what) =>
            Assert.Contains(what, Assert.Throws<ProblemException>(() => GrammarCompiler.Compile($"root ::= {body}")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Long_chains_of_rules_are_no_trouble()
    {
        var chain = string.Concat(Enumerable.Range(0, 3000).Select(i => $"r{i} ::= r{i + 1}\n"));
        Assert.True(new GrammarRun($"root ::= r0\n{chain}r3000 ::= \"a\"").Accepts("a"));
        Assert.True(new GrammarRun($"root ::= r0\n{chain}r3000 ::= \"a\"?").Accepts(""));
    }
}
