using HybridConversations.Inference.Grammar;

namespace HybridConversations.Inference.Tests.Grammar;

public sealed class GbnfLimitsTests
{
    [Theory]
    [InlineData("root ::= \"yes\" | \"no\"")]
    [InlineData("root ::= item{1,5} # a comment with ((((\nitem ::= [a-z\\]]+ \"{9999999}\"")]
    public void Ordinary_grammars_pass(string gbnf) => GbnfLimits.Check(gbnf);

    [Fact]
    public void What_the_schema_writer_makes_passes() => GbnfLimits.Check(JsonSchemaGrammar.AnyObject);

    [Theory]
    [InlineData("root ::= \"a\"{9999999}")]
    [InlineData("root ::= ((\"a\"{900}){900}){900}")]
    [InlineData("root ::= \"a\\0\"\0")]
    public void Bombs_are_refused(string gbnf) => Assert.Throws<ProblemException>(() => GbnfLimits.Check(gbnf));

    [Fact]
    public void A_tower_of_brackets_is_refused() =>
        Assert.Throws<ProblemException>(() => GbnfLimits.Check("root ::= " + new string('(', 10_000) + "\"a\"" + new string(')', 10_000)));
}
