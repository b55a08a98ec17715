using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Grammar;
using HybridConversations.Inference.Tests.Backends;
using HybridConversations.Tests.Common;

namespace HybridConversations.Inference.Tests.LlamaCpp;

public sealed class LlamaGrammarTests : IAsyncLifetime
{
    private IModelBackend _backend = null!;

    public async Task InitializeAsync() =>
        _backend = await RealBackend.Load(new BackendOptions { ModelPath = RepositoryFiles.DemoModel, Context = 256, MaxSequences = 2 });

    public Task DisposeAsync()
    {
        _backend.Dispose();
        return Task.CompletedTask;
    }

    [SkippableFact]
    public void Only_what_fits_is_allowed()
    {
        using var grammar = _backend.CreateGrammar("root ::= \"yes\" | \"no\"");
        Assert.True(grammar.Allows(First("yes")));
        Assert.True(grammar.Allows(First("no")));
        Assert.False(grammar.Allows(First("maybe")));
        var logits = new float[_backend.Info.VocabularySize];
        grammar.Mask(logits);
        Assert.True(float.IsNegativeInfinity(logits[First("maybe")]));
        Assert.Equal(0, logits[First("yes")]);
    }

    [SkippableFact]
    public void A_whole_text_lets_only_the_end_come_next()
    {
        using var grammar = _backend.CreateGrammar("root ::= \"no\"");
        foreach (var token in _backend.Tokenize("no", false, false))
        {
            Assert.True(grammar.Allows(token));
            grammar.Accept(token);
        }

        var end = Enumerable.Range(0, _backend.Info.VocabularySize).First(_backend.IsEndOfGeneration);
        Assert.True(grammar.Allows(end));
        Assert.False(grammar.Allows(First("no")));
        Assert.Throws<InvalidOperationException>(() => grammar.Accept(First("no")));
    }

    [SkippableTheory]
    [InlineData("this is no grammar")]
    [InlineData("root ::= other")]
    [InlineData("root ::= root \"a\"")]
    [InlineData("")]
    public void What_is_no_grammar_is_refused(string gbnf) => Assert.Throws<ProblemException>(() => _backend.CreateGrammar(gbnf));

    [SkippableFact]
    public void Every_schema_grammar_is_one_for_the_library()
    {
        using var any = _backend.CreateGrammar(JsonSchemaGrammar.AnyObject);
        using var one = _backend.CreateGrammar(JsonSchemaGrammar.FromSchema(
            """{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer","minimum":0}},"required":["name"]}"""));
        Assert.True(any.Allows(First("{")) && one.Allows(First("{")));
    }

    private int First(string text) => _backend.Tokenize(text, false, false)[0];
}
