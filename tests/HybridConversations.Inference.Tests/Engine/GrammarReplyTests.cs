using System.Text.Json;
using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Engine;
using HybridConversations.Inference.Grammar;
using HybridConversations.Inference.Sampling;
using HybridConversations.Inference.Tests.Backends;
using HybridConversations.Inference.Text;
using HybridConversations.Tests.Common;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Inference.Tests.Engine;

/// <summary>Replies under grammars, with others beside them.</summary>
public sealed class GrammarReplyTests
{
    private static readonly int[] Words = SimulatedModel.Tokenize("say something", parseSpecial: false);

    [Theory]
    [InlineData(true, "root ::= \"no\"", "no")]
    [InlineData(false, "root ::= \"no\"", "no")]
    [InlineData(true, "root ::= \"no\" [^\\x00-\\U0010FFFF]", "no")]
    [InlineData(false, "root ::= \"no\" [^\\x00-\\U0010FFFF]", "no")]
    [InlineData(true, "root ::= \"\"", "")]
    public async Task A_grammar_that_has_nothing_left_to_say_ends_the_reply(bool ignoreEnd, string gbnf, string text)
    {
        await using var engine = Engine();
        var other = engine.Submit(Request(300, ignoreEnd: true));
        var reply = engine.Submit(Request(20, ignoreEnd, engine.CompileGrammar(gbnf)));
        Assert.Equal(text, await CoreDriver.TextOf(reply));
        Assert.Equal(FinishReason.Stop, (await reply.Completion).FinishReason);
        Assert.Equal(300, (await other.Completion).Usage.CompletionTokens);
    }

    [Fact]
    public async Task A_fault_of_one_reply_ends_that_reply()
    {
        await using var engine = Engine();
        var grammar = engine.CompileGrammar("root ::= s+\ns ::= \"a\" s s | \"a\" s | \"a\"");
        var other = engine.Submit(Request(2500, ignoreEnd: true));
        var costly = engine.Submit(Request(3000, ignoreEnd: true, grammar));
        var refused = await Assert.ThrowsAsync<ProblemException>(() => costly.Completion);
        Assert.Equal("invalid-request", refused.Problem.Code);
        Assert.Contains("rule '", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2500, (await other.Completion).Usage.CompletionTokens);
        Assert.False(engine.Status.Failed);
    }

    /// <summary>Each may take its token's whole allowance; together they wait for each other, a step for each, and say the same as alone.</summary>
    [Fact]
    public async Task Costly_grammars_share_the_time_of_a_step()
    {
        const string Costly = "root ::= s+\ns ::= \"a\" s s | \"a\" s | \"a\"";
        const int Limit = 2_000;
        var alone = await Replies(1, Costly, Limit);
        var together = await Replies(6, Costly, Limit);
        Assert.InRange(together.Most, Limit, Limit + alone.Most);
        Assert.True(6 * alone.Most > Limit + alone.Most, $"{alone.Most} units are too few to test anything");
        Assert.All(together.Texts, text => Assert.Equal(alone.Texts[0], text));
        Assert.Equal(60, together.Other.Length);
    }

    private static async Task<(long Most, string[] Texts, string Other)> Replies(int count, string gbnf, int limit)
    {
        var driver = new CoreDriver(new() { Cells = 8192, Next = _ => 'a' }, grammarWork: limit);
        var grammar = new GrammarLibrary(driver.Backend).Compile(gbnf);
        var replies = Enumerable.Range(0, count).Select(_ => driver.Submit("say a", 40, grammar: grammar)).ToArray();
        var other = driver.Submit("go on", 60);
        var most = 0L;
        while (driver.Step())
        {
            most = Math.Max(most, driver.Core.GrammarWork);
        }

        return (most, [.. await Task.WhenAll(replies.Select(reply => CoreDriver.TextOf(reply)))], await CoreDriver.TextOf(other));
    }

    [SkippableFact]
    public async Task A_model_writes_what_the_schema_says()
    {
        var backend = await RealBackend.Load(new BackendOptions { ModelPath = RepositoryFiles.DemoModel, Context = 1024, MaxSequences = 4 });
        await using var engine = new InferenceEngine(backend, new EngineOptions(), TimeProvider.System, NullLogger<InferenceEngine>.Instance);
        var grammar = engine.CompileGrammar(JsonSchemaGrammar.FromSchema(
            """{"type":"object","properties":{"name":{"type":"string","maxLength":12},"age":{"type":"integer","minimum":0,"maximum":99},"langs":{"enum":["é","日本"]}},"required":["name","age","langs"]}"""));
        var prompt = new Prompt(backend.Tokenize("Tell me who you are.", addSpecial: true, parseSpecial: false));
        var replies = Enumerable.Range(0, 8).Select(seed => engine.Submit(new GenerationRequest
        {
            Prompt = prompt,
            MaxTokens = 100,
            Grammar = grammar,
            Sampling = new SamplingParameters { Temperature = seed == 0 ? 0 : 1.2f, TopK = seed % 2 * 40, Seed = seed, IgnoreEnd = seed > 4 },
        })).ToArray();
        foreach (var reply in replies)
        {
            using var json = JsonDocument.Parse(await CoreDriver.TextOf(reply));
            Assert.InRange(json.RootElement.GetProperty("age").GetInt32(), 0, 99);
            Assert.Equal(3, json.RootElement.EnumerateObject().Count());
            Assert.Equal(FinishReason.Stop, (await reply.Completion).FinishReason);
        }
    }

    private static InferenceEngine Engine() =>
        new(new SimulatedBackend(new() { Cells = 8192 }), new EngineOptions(), TimeProvider.System, NullLogger<InferenceEngine>.Instance);

    private static GenerationRequest Request(int maxTokens, bool ignoreEnd, CompiledGrammar? grammar = null) => new()
    {
        Prompt = new Prompt(Words),
        MaxTokens = maxTokens,
        Grammar = grammar,
        Sampling = new SamplingParameters { Temperature = 0.8f, IgnoreEnd = ignoreEnd },
    };
}
