using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Engine;
using HybridConversations.Inference.KvCache;
using HybridConversations.Inference.LlamaCpp;
using HybridConversations.Inference.Sampling;
using HybridConversations.Inference.Tests.Backends;
using HybridConversations.Inference.Tests.Engine;
using HybridConversations.Inference.Tests.LlamaCpp;
using HybridConversations.Inference.Text;
using HybridConversations.Tests.Common;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Inference.Tests.Snapshots;

/// <summary>One flipped bit in each region of each kind of file, through the whole engine: set aside, told, read again, and the reply is the same.</summary>
public sealed class SnapshotDamageTests : IDisposable
{
    private const string Conversation = "conversation";
    private const int Tokens = 300;
    private readonly TemporaryFolder _folder = new();
    private readonly ListLogger _log = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData("*.kv", 3, "magic")]
    [InlineData("*.kv", 8 + 5, "layout")]
    [InlineData("*.kv", 24 + 5, "id")]
    [InlineData("*.kv", 40, "from")]
    [InlineData("*.kv", 44, "to")]
    [InlineData("*.kv", 48, "payload's first byte")]
    [InlineData("*.kv", 500, "payload")]
    [InlineData("*.kv", -33, "payload's last byte")]
    [InlineData("*.kv", -1, "checksum")]
    [InlineData("*.manifest", 3, "magic")]
    [InlineData("*.manifest", 8 + 5, "layout")]
    [InlineData("*.manifest", 26, "length of the key")]
    [InlineData("*.manifest", 30, "key")]
    [InlineData("*.manifest", 28 + 12 + 1, "number of tokens")]
    [InlineData("*.manifest", 28 + 12 + 4 + 9, "tokens")]
    [InlineData("*.manifest", -20, "checksum")]
    public async Task A_flipped_bit_costs_time_and_nothing_else(string files, int at, string region)
    {
        var prompt = Text(1, Tokens);
        await Run(Simulated(), prompt);
        var damaged = Flip(files, at);

        var (usage, text) = await Run(Simulated(), prompt + "more");
        Assert.Equal(SimulatedModel.Reply(prompt + "more", 8), text);
        Assert.True(usage.ReadTokens > 4, $"{region}: {usage}");
        CheckSetAside(damaged, region);

        // It is written anew, and good.
        Assert.Equal(Tokens, (await Run(Simulated(), prompt + "yet more")).Usage.Reused!.Snapshot);
    }

    [SkippableTheory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(-1)]
    public async Task A_file_that_is_cut_short_is_no_better(int length)
    {
        var prompt = Text(1, Tokens);
        foreach (var files in new[] { "*.kv", "*.manifest" })
        {
            await Run(Simulated(), prompt);
            var path = Directory.GetFiles(_folder.Path, files, SearchOption.AllDirectories).First(file => !file.Contains("set-aside", StringComparison.Ordinal));
            using (var file = File.OpenWrite(path))
            {
                file.SetLength(length >= 0 ? length : file.Length - 1);
            }

            var (usage, text) = await Run(Simulated(), prompt + "more");
            Assert.Equal(SimulatedModel.Reply(prompt + "more", 8), text);
            Assert.True(usage.ReadTokens > 4, $"{files}: {usage}");
            CheckSetAside(path, files);
        }
    }

    [SkippableTheory]
    [InlineData(30)]
    [InlineData(100_000)]
    [InlineData(-5)]
    public async Task With_the_real_model_the_reply_is_the_same(int at)
    {
        var sentence = "My name is Ada, and my dog is called Rex. ";
        var prompt = string.Concat(Enumerable.Repeat(sentence, 20));
        var (_, expected) = await Run(await Demo(), prompt + "What is my name?", snapshots: false);
        await Run(await Demo(), prompt);
        var damaged = Flip("*.kv", at);

        var (usage, text) = await Run(await Demo(), prompt + "What is my name?");
        Assert.Equal(expected, text);
        Assert.True(usage.ReadTokens > 20, usage.ToString()); // not only the new words
        CheckSetAside(damaged, "real model");
        Assert.Equal(expected, (await Run(await Demo(), prompt + "What is my name?")).Text);
    }

    private string Flip(string files, int at)
    {
        var path = Directory.GetFiles(_folder.Path, files, SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        var bytes = File.ReadAllBytes(path);
        bytes[at >= 0 ? at : bytes.Length + at] ^= 0x10;
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private void CheckSetAside(string path, string region)
    {
        Assert.True(Directory.GetFiles(_folder.Path, Path.GetFileName(path), SearchOption.AllDirectories).Any(file => file.Contains("set-aside", StringComparison.Ordinal)), region);
        Assert.Contains(_log.Lines, line => line.Level == LogLevel.Warning && line.Text.Contains(Path.GetFileName(path), StringComparison.Ordinal)
            && line.Text.Contains("set aside", StringComparison.Ordinal));
    }

    /// <summary>An engine's whole life with one turn in it.</summary>
    private async Task<(TokenUsage Usage, string Text)> Run(IModelBackend backend, string prompt, bool snapshots = true)
    {
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(new Provider(_log)));
        var tiers = new KvTierOptions { SnapshotFolder = snapshots ? _folder.Path : null, SnapshotDelayMs = 0 };
        await using var engine = new InferenceEngine(backend, new EngineOptions { Tiers = tiers }, TimeProvider.System, loggers.CreateLogger<InferenceEngine>());
        var generation = engine.Submit(new GenerationRequest
        {
            Key = Conversation,
            Prompt = new Prompt(backend.Tokenize(prompt, addSpecial: true, parseSpecial: true)),
            MaxTokens = 8,
            Sampling = new SamplingParameters { Temperature = 0 },
        });
        var text = await CoreDriver.TextOf(generation);
        return ((await generation.Completion).Usage, text);
    }

    private static SimulatedBackend Simulated() => new();

    private static Task<LlamaBackend> Demo() =>
        RealBackend.Load(new BackendOptions { ModelPath = RepositoryFiles.DemoModel, Context = 1024, MaxSequences = 4 });

    private static string Text(int seed, int length)
    {
        var random = new Random(seed);
        return string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(26))));
    }

    private sealed class Provider(ILogger logger) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => logger;

        public void Dispose()
        {
        }
    }
}
