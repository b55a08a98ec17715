using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Engine;
using HybridConversations.Inference.KvCache;
using HybridConversations.Inference.Tests.Backends;
using HybridConversations.Inference.Tests.Engine;
using HybridConversations.Inference.Text;
using HybridConversations.Tests.Common;
using HybridConversations.Tests.Common.TinyModels;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace HybridConversations.Inference.Tests.LlamaCpp;

/// <summary>Models that remember otherwise than by attention to all that was said: each reply is that of a fresh engine, whatever was kept, shared, rewound, parked or saved.</summary>
public sealed class TinyModelTests(ITestOutputHelper output) : IDisposable
{
    private const double Rounding = 0.25;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData(TinyModelKind.Recurrent)]
    [InlineData(TinyModelKind.Hybrid)]
    [InlineData(TinyModelKind.SlidingWindow)]
    public async Task A_conversation_goes_on_as_with_a_fresh_engine(TinyModelKind kind)
    {
        var path = TinyModel.Write(kind, _folder.Path);
        output.WriteLine($"{new FileInfo(path).Length} bytes");
        await using var engine = await Start(path);
        var random = new Random(7);
        var histories = Enumerable.Range(0, 6).Select(i => $"<|im_start|>system\nYou are number {i % 2}.<|im_end|>\n").ToArray();
        for (var turn = 0; turn < 40; turn++)
        {
            var i = random.Next(histories.Length);
            histories[i] += $"<|im_start|>user\n{Words(random)}<|im_end|>\n<|im_start|>assistant\n";
            var reply = await Say(engine, $"c{i}", histories[i]);
            await using var fresh = await Start(path);
            var expected = await Say(fresh, "fresh", histories[i]);
            Assert.True(IsAlike(expected, reply), $"turn {turn}, {histories[i].Length} characters: {Told(reply)} instead of {Told(expected)}");

            // Now and then only a part of it was heard, or an old turn is taken back.
            var text = string.Concat(reply.Where(token => token.Token.Length == 1 && char.IsAscii(token.Token[0])).Select(token => token.Token));
            histories[i] += random.Next(3) == 0 ? text[..(text.Length / 2)] : text;
            histories[i] += "<|im_end|>\n";
            if (random.Next(6) == 0)
            {
                histories[i] = histories[i][..histories[i].IndexOf("<|im_start|>user", StringComparison.Ordinal)];
            }
        }
    }

    private static string Words(Random random) => string.Join(' ', Enumerable.Range(0, random.Next(3, 30)).Select(_ => ((string[])["red", "green", "blue", "one", "two", "three", "cat", "dog"])[random.Next(8)]));

    /// <summary>The same tokens with the same probabilities, but for rounding, up to where two tokens are as likely as each other.</summary>
    private static bool IsAlike(List<TokenLogProb> expected, List<TokenLogProb> reply)
    {
        foreach (var (a, b) in expected.Zip(reply))
        {
            var other = a.Token == b.Token ? a.LogProb : a.Top.FirstOrDefault(token => token.Token == b.Token)?.LogProb ?? double.NegativeInfinity;
            if (Math.Abs(other - b.LogProb) > Rounding || Math.Abs(a.LogProb - other) > Rounding)
            {
                return false;
            }

            if (a.Token != b.Token)
            {
                break;
            }
        }

        return expected.Count == reply.Count;
    }

    private static string Told(List<TokenLogProb> reply) => string.Join(' ', reply.Select(token => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{token.Token}:{token.LogProb:0.00}")));

    private static async Task<List<TokenLogProb>> Say(InferenceEngine engine, string key, string prompt)
    {
        var generation = engine.Submit(new GenerationRequest
        {
            Key = key,
            Prompt = new Prompt(engine.Backend.Tokenize(prompt, addSpecial: false, parseSpecial: true)),
            MaxTokens = 24,
            Sampling = CoreDriver.Greedy with { IgnoreEnd = true, TopLogProbs = 3 },
        });
        var tokens = new List<TokenLogProb>();
        await foreach (var piece in generation.ReadAsync())
        {
            tokens.AddRange(piece.LogProbs ?? []);
        }

        return tokens;
    }

    private static async Task<InferenceEngine> Start(string path) => new(
        await RealBackend.Load(new BackendOptions { ModelPath = path, Context = 4096, MaxSequences = 8, Threads = 2, BatchSize = 128, MicroBatchSize = 64 }),
        new EngineOptions { Tiers = new KvTierOptions() }, TimeProvider.System, NullLogger<InferenceEngine>.Instance);
}
