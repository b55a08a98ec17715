using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Engine;
using HybridConversations.Inference.KvCache;
using HybridConversations.Inference.Sampling;
using HybridConversations.Inference.Tests.Backends;
using HybridConversations.Inference.Text;
using HybridConversations.Tests.Common;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Inference.Tests.LlamaCpp;

/// <summary>
/// The same request gets the same reply with the same log probabilities, to the bit, while nobody else is served: fresh, repeated, after others, as a conversation's turn, and after a
/// restart. Threads are fixed: with another number of them flash attention splits its sums elsewhere.
/// </summary>
public sealed class ReproducibilityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, int, KvLayout> Cases => new()
    {
        { RepositoryFiles.DemoModel, 90, KvLayout.Unified },
        { RepositoryFiles.DemoModel, 300, KvLayout.Unified },
        { RepositoryFiles.DemoModel, 300, KvLayout.Separate },
        { RepositoryFiles.TestModel, 90, KvLayout.Unified },
        { RepositoryFiles.TestModel, 700, KvLayout.Unified },
        { RepositoryFiles.TestModel, 700, KvLayout.Separate },
    };

    [SkippableTheory]
    [MemberData(nameof(Cases))]
    public async Task The_same_request_gets_the_same_reply(string model, int length, KvLayout layout)
    {
        var first = new List<TokenLogProb>();
        var prompts = new Random(length);
        for (var life = 0; life < 2; life++)
        {
            await using var engine = await Start(model, layout);
            int[] prompt = Words(engine, 1, length);
            for (var round = 0; round < 3; round++)
            {
                for (var repeat = 0; repeat < 2; repeat++)
                {
                    await Check(engine, prompt, null, $"life {life}, round {round}, repeat {repeat}");
                }

                await Check(engine, prompt, "c", $"conversation, life {life}, round {round}");
                for (var other = 0; other < 5; other++)
                {
                    int[] text = [.. prompt[..prompts.Next(64)], .. Words(engine, prompts.Next(), prompts.Next(20, length))];
                    await Ask(engine, text, other % 2 == 0 ? null : $"o{other}", reproducible: false);
                }
            }
        }

        async Task Check(InferenceEngine engine, int[] prompt, string? key, string when)
        {
            var reply = await Ask(engine, prompt, key, reproducible: true);
            if (first.Count == 0)
            {
                first.AddRange(reply);
            }

            Assert.Equal(20, reply.Count);
            var differs = first.Zip(reply).Max(pair => Math.Abs(pair.First.LogProb - pair.Second.LogProb));
            Assert.True(differs == 0 && first.Zip(reply).All(pair => pair.First.Token == pair.Second.Token), $"{when}: the log probabilities differ by up to {differs}");
        }
    }

    private static async Task<List<TokenLogProb>> Ask(InferenceEngine engine, int[] prompt, string? key, bool reproducible)
    {
        var generation = engine.Submit(new GenerationRequest
        {
            Key = key,
            Prompt = new Prompt(prompt),
            MaxTokens = 20,
            Reproducible = reproducible,
            Sampling = new SamplingParameters { Temperature = reproducible ? 0 : 1, Seed = prompt.Length, TopLogProbs = 2, IgnoreEnd = true },
        });
        var tokens = new List<TokenLogProb>();
        await foreach (var piece in generation.ReadAsync())
        {
            tokens.AddRange(piece.LogProbs ?? []);
        }

        return tokens;
    }

    private static int[] Words(InferenceEngine engine, int seed, int length)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => random.Next(10, engine.Backend.Info.VocabularySize))];
    }

    private async Task<InferenceEngine> Start(string model, KvLayout layout)
    {
        var backend = await RealBackend.Load(new BackendOptions { ModelPath = model, Context = layout == KvLayout.Separate ? 5 * 1024 : 4096, Layout = layout, MaxSequences = layout == KvLayout.Separate ? 5 : 16, Threads = 1, YieldCores = false });
        return new InferenceEngine(backend, new EngineOptions { Tiers = new KvTierOptions { SnapshotFolder = _folder.Path, SnapshotDelayMs = 0 } },
            TimeProvider.System, NullLogger<InferenceEngine>.Instance);
    }
}
