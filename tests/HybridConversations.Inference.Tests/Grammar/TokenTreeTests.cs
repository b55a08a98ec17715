using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Grammar;
using HybridConversations.Inference.LlamaCpp;
using HybridConversations.Inference.Tests.Backends;
using HybridConversations.Tests.Common;

namespace HybridConversations.Inference.Tests.Grammar;

/// <summary>The tree of a real model's tokens.</summary>
public sealed class TokenTreeTests : IAsyncLifetime
{
    private LlamaBackend _backend = null!;

    public async Task InitializeAsync() =>
        _backend = await RealBackend.Load(new BackendOptions { ModelPath = RepositoryFiles.DemoModel, Context = 256, MaxSequences = 2 });

    public Task DisposeAsync()
    {
        _backend.Dispose();
        return Task.CompletedTask;
    }

    [SkippableFact]
    public void Holds_every_token_of_text_once()
    {
        var tree = new TokenTree(_backend);
        var found = new List<int>();
        var path = new byte[tree.MaxDepth + 1];
        for (var node = 0; node < tree.Nodes; node++)
        {
            path[tree.Depth(node)] = tree.Value(node);
            for (var token = tree.Token(node); token >= 0; token = tree.Same(token))
            {
                Assert.Equal(tree.Piece(token).ToArray(), path[1..(tree.Depth(node) + 1)]);
                found.Add(token);
            }
        }

        found.Sort();
        Assert.Equal(Enumerable.Range(0, tree.Size).Where(t => tree.Piece(t).Length > 0), found);
        Assert.DoesNotContain(found, t => _backend.IsControl(t) || _backend.IsEndOfGeneration(t));
    }

    [SkippableFact]
    public void A_mask_allows_what_trying_each_token_allows()
    {
        var library = new GrammarLibrary(_backend);
        foreach (var gbnf in (string[])[JsonSchemaGrammar.AnyObject, "root ::= [a-zé ]+ \"x\"", "root ::= (\"the\" | \" cat\" | \"日\")*", "root ::= .*"])
        {
            var matcher = library.Compile(gbnf).Begin();
            var random = new Random(3);
            for (var i = 0; i < 12 && !matcher.IsEnd; i++)
            {
                var logits = new float[_backend.Info.VocabularySize];
                matcher.Mask(logits);
                var allowed = Enumerable.Range(0, logits.Length).Where(matcher.Allows).ToArray();
                Assert.Equal(allowed, Enumerable.Range(0, logits.Length).Where(t => logits[t] == 0));
                var texts = allowed.Where(t => !_backend.IsEndOfGeneration(t)).ToArray();
                matcher.Accept(texts[random.Next(texts.Length)]);
            }
        }
    }
}
