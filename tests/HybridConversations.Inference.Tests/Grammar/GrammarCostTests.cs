using System.Text;
using HybridConversations.Inference.Grammar;
using HybridConversations.Tests.Common;
using Xunit.Abstractions;

namespace HybridConversations.Inference.Tests.Grammar;

/// <summary>No grammar, pattern or schema costs more than it may, counted in units of work: it is refused at the door, or ends its own reply.</summary>
public sealed class GrammarCostTests(ITestOutputHelper output)
{
    private static readonly GrammarLibrary Library = new(new SimulatedBackend());

    public static TheoryData<string> Ambiguous => new()
    {
        "root ::= (\"x\"?){400} \"y\"",
        "root ::= r0\n" + string.Concat(Enumerable.Range(0, 14).Select(i => $"r{i} ::= r{i + 1} r{i + 1}?\n")) + "r14 ::= \"a\"?",
        "root ::= r0\n" + string.Concat(Enumerable.Range(0, 24).Select(i => $"r{i} ::= r{i + 1} r{i + 1}?\n")) + "r24 ::= \"a\"?",
        "root ::= r0\n" + string.Concat(Enumerable.Range(0, 24).Select(i => $"r{i} ::= r{i + 1} | r{i + 1}\n")) + "r24 ::= \"a\"",
        "root ::= s\ns ::= \"a\" s s | \"a\" s | \"a\"",
        "root ::= s{60}\ns ::= (\"a\" | \"a\" s)?",
        "root ::= (\"a\"* \"b\"?){200}",
        "root ::= p{1,100}\np ::= [ab]{1,100}",
        "root ::= p{1,1000}\np ::= [ab]{1,1000}",
        "root ::= (\"a\"*)*",
        "root ::= " + string.Concat(Enumerable.Repeat("(", 60)) + "\"a\"" + string.Concat(Enumerable.Repeat(")*", 60)),
        "root ::= " + string.Join(" | ", Enumerable.Range(0, 3000).Select(i => $"\"w{i}\"")),
        "root ::= ([^\"]? [^a]?){700}",
    };

    [Theory]
    [MemberData(nameof(Ambiguous))]
    public void A_grammar_with_many_readings_is_cheap_or_refused(string gbnf) => Drive(() => gbnf, 300, out _);

    [Theory]
    [InlineData("^(a{1,10}){1,10}$")]
    [InlineData("^(a{1,30}){1,30}$")]
    [InlineData("^(a{1,100}){1,100}$")]
    [InlineData("^((a?){1,30}){1,30}$")]
    [InlineData("^(([a-z]+)?,?){1,100}$")]
    [InlineData("(a|aa|aaa){1,200}b(a|aa|aaa){1,200}")]
    public void A_pattern_with_many_readings_is_cheap_or_refused(string pattern) =>
        Drive(() => JsonSchemaGrammar.FromSchema($$"""{"type":"string","pattern":{{System.Text.Json.JsonSerializer.Serialize(pattern)}}}"""), 300, out _);

    [Fact]
    public void What_has_too_many_readings_is_refused_by_its_rule()
    {
        var problem = Assert.Throws<ProblemException>(() => Library.Compile("root ::= \"a\" many\nmany ::= (([ab]? [ac]?){100} \"c\"?){90}"));
        Assert.Equal("invalid-request", problem.Problem.Code);
        Assert.Contains("rule 'many'", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ordinary_grammars_cost_little()
    {
        foreach (var schema in (string[])[
            """{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer","minimum":0},"tags":{"type":"array","items":{"type":"string","maxLength":1000}}},"required":["name"]}""",
            """{"type":"string","format":"date-time"}""", "{}"])
        {
            Assert.True(Drive(() => JsonSchemaGrammar.FromSchema(schema), 200, out var spent), "refused");
            output.WriteLine($"{spent} units in 200 tokens: {schema}");
            Assert.InRange(spent, 1, 100_000);
        }
    }

    [Fact]
    public void Random_grammars_patterns_and_schemas_stay_within_the_bound()
    {
        var (ran, refused, most) = (0, 0, 0L);
        for (var seed = 0; seed < 1200; seed++)
        {
            var random = new Random(seed);
            Func<string> grammar = (seed % 3) switch
            {
                0 => () => RandomGrammar.Write(random, maxCount: 1 + random.Next(40)),
                1 => () => JsonSchemaGrammar.FromSchema($$"""{"type":"string","pattern":{{System.Text.Json.JsonSerializer.Serialize(RandomPattern(random, 3))}}}"""),
                _ => () => JsonSchemaGrammar.FromSchema(RandomSchema(random, 3)),
            };
            if (Drive(grammar, 100, out var spent))
            {
                (ran, most) = (ran + 1, Math.Max(most, spent));
            }
            else
            {
                refused++;
            }
        }

        output.WriteLine($"{ran} ran, {refused} were refused; the dearest took {most} units for 100 tokens");
        Assert.True(ran > 600, $"{ran} of 1200 ran");
    }

    /// <summary>A reply of random tokens that the grammar allows. False when it was refused; fails when a token cost more than it may.</summary>
    private static bool Drive(Func<string> gbnf, int tokens, out long spent)
    {
        spent = 0;
        try
        {
            var matcher = Library.Compile(gbnf()).Begin();
            var random = new Random(1);
            var logits = new float[SimulatedModel.VocabularySize];
            for (var i = 0; i < tokens && !matcher.IsEnd; i++)
            {
                var before = matcher.Work;
                Array.Clear(logits);
                matcher.Mask(logits);
                var allowed = Enumerable.Range(0, SimulatedModel.MessageStart).Where(t => logits[t] == 0).ToArray();
                if (allowed.Length == 0)
                {
                    break;
                }

                matcher.Accept(allowed[random.Next(allowed.Length)]);
                spent = matcher.Work;
                Assert.True(spent - before <= GrammarMatcher.WorkPerToken, $"a token cost {spent - before} units");
            }

            return true;
        }
        catch (ProblemException refused)
        {
            Assert.Equal("invalid-request", refused.Problem.Code);
            return false;
        }
    }

    private static string RandomPattern(Random random, int depth)
    {
        var text = new StringBuilder(random.Next(2) == 0 ? "^" : "");
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            text.Append(Item(depth));
        }

        return text.Append(random.Next(2) == 0 ? "$" : "").ToString();

        string Item(int left)
        {
            var item = random.Next(6) switch
            {
                0 or 1 when left > 0 => $"({string.Join('|', Enumerable.Range(0, random.Next(1, 3)).Select(_ => Item(left - 1) + Item(left - 1)))})",
                2 => "[a-c]",
                3 => "\\w",
                4 => ".",
                _ => "a",
            };
            return item + random.Next(6) switch
            {
                0 => "?",
                1 => "+",
                2 => $"{{{random.Next(3)},{random.Next(3, 60)}}}",
                3 => "*",
                _ => "",
            };
        }
    }

    private static string RandomSchema(Random random, int depth) => random.Next(depth > 0 ? 8 : 5) switch
    {
        0 => """{"type":"integer","minimum":-5,"maximum":12345}""",
        1 => $$"""{"type":"string","maxLength":{{random.Next(1, 3000)}}}""",
        2 => """{"enum":["a","ab","abc",1,12,null]}""",
        3 => """{"type":"string","format":"date-time"}""",
        4 => "{}",
        5 => $$"""{"type":"array","items":{{RandomSchema(random, depth - 1)}},"minItems":{{random.Next(5)}},"maxItems":{{random.Next(5, 300)}}}""",
        6 => $$"""{"anyOf":[{{RandomSchema(random, depth - 1)}},{{RandomSchema(random, depth - 1)}}]}""",
        _ => "{\"type\":\"object\",\"properties\":{" + string.Join(',', Enumerable.Range(0, random.Next(1, 9)).Select(i => $"\"p{i}\":{RandomSchema(random, depth - 1)}")) + "}}",
    };
}
