using System.Globalization;
using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Engine;
using HybridConversations.Inference.KvCache;
using HybridConversations.Inference.Tests.Backends;
using HybridConversations.Inference.Tests.Engine;
using HybridConversations.Inference.Text;
using HybridConversations.Tests.Common;
using HybridConversations.Tests.Common.TinyModels;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Inference.Tests.LlamaCpp;

/// <summary>
/// Models that remember otherwise than by attention to all that was said: each reply is what the model says after reading the same prompt alone and from the beginning, whatever was kept,
/// shared, rewound, parked or saved, and what need not be read again is not.
/// </summary>
public sealed class TinyModelTests : IDisposable
{
    private const string System = "<|im_start|>system\nYou are a machine that says nothing of any sense, in every language there is, to whoever asks.<|im_end|>\n";
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableTheory]
    [InlineData(TinyModelKind.Recurrent)]
    [InlineData(TinyModelKind.Hybrid)]
    [InlineData(TinyModelKind.SlidingWindow)]
    public async Task With_little_room_and_restarts_every_reply_is_the_models_own(TinyModelKind kind)
    {
        using var reference = new TinyReference(await Load(kind, 2048, 2));
        var random = new Random(7);
        var histories = Enumerable.Range(0, 6).Select(i => i % 3 == 0 ? System[..^20] : System).ToArray();
        var systems = histories.ToArray();
        var reused = new ReusedTokens();
        for (var life = 0; life < 3; life++)
        {
            await using var engine = await Start(kind, cells: 1024);
            for (var turn = 0; turn < 30; turn++)
            {
                var talking = Enumerable.Range(0, histories.Length).OrderBy(_ => random.Next()).Take(random.Next(1, 4)).ToArray();
                var replies = new Task<(List<TokenLogProb> Tokens, TokenUsage Usage)>[talking.Length];
                for (var i = 0; i < talking.Length; i++)
                {
                    var who = talking[i];
                    histories[who] += $"<|im_start|>user\n{Words(random)}<|im_end|>\n<|im_start|>assistant\n";
                    replies[i] = Say(engine, $"c{who}", histories[who]);
                }

                for (var i = 0; i < talking.Length; i++)
                {
                    var who = talking[i];
                    var (tokens, usage) = await replies[i];
                    Assert.True(reference.IsReply(histories[who], tokens, out var expected), $"life {life}, turn {turn}, {histories[who].Length} characters: {Told(tokens)} instead of {Told(expected)}; {usage}");
                    var more = usage.Reused!;
                    reused = new(reused.Resident + more.Resident, reused.Parked + more.Parked, reused.Snapshot + more.Snapshot, reused.SharedPrefix + more.SharedPrefix);

                    // Now and then only a part of it was heard, or what was said is taken back, or a turn of long ago is gone.
                    var text = string.Concat(tokens.Select(token => token.Token));
                    histories[who] += (random.Next(3) == 0 ? text[..(text.Length / 2)] : text) + "<|im_end|>\n";
                    histories[who] = histories[who].Length > 600 || random.Next(8) == 0 ? systems[who] : histories[who];
                }
            }
        }

        Assert.True(reused is { Resident: > 500, Parked: > 500, Snapshot: > 50, SharedPrefix: > 50 }, $"{reused}: some tier was not tried.");
    }

    [SkippableTheory]
    [InlineData(TinyModelKind.Recurrent)]
    [InlineData(TinyModelKind.Hybrid)]
    [InlineData(TinyModelKind.SlidingWindow)]
    public async Task A_reply_that_was_cut_short_goes_back_to_its_prompts_end(TinyModelKind kind)
    {
        await using var engine = await Start(kind, cells: 2048);
        var prompt = $"{System}<|im_start|>user\nTell me a story.<|im_end|>\n<|im_start|>assistant\n";
        var (tokens, usage) = await Say(engine, "c", prompt);
        var heard = string.Concat(tokens.Take(5).Select(token => token.Token));
        var (_, next) = await Say(engine, "c", $"{prompt}{heard}<|im_end|>\n<|im_start|>user\nStop.<|im_end|>\n<|im_start|>assistant\n");
        Assert.InRange(next.Reused!.Resident, usage.PromptTokens, usage.PromptTokens + 5);
    }

    [SkippableTheory]
    [InlineData(TinyModelKind.Recurrent)]
    [InlineData(TinyModelKind.Hybrid)]
    [InlineData(TinyModelKind.SlidingWindow)]
    public async Task A_system_prompt_is_read_once(TinyModelKind kind)
    {
        using var reference = new TinyReference(await Load(kind, 2048, 2));
        await using var engine = await Start(kind, cells: 2048);
        var system = engine.Backend.Tokenize(System, addSpecial: false, parseSpecial: true).Length;
        await Say(engine, "first", $"{System}<|im_start|>user\nTell me a story.<|im_end|>\n<|im_start|>assistant\n");
        var prompt = $"{System}<|im_start|>user\nWhat is the time?<|im_end|>\n<|im_start|>assistant\n";
        var (tokens, usage) = await Say(engine, "second", prompt);
        Assert.True(usage.Reused!.SharedPrefix >= system, $"{usage}");
        Assert.True(reference.IsReply(prompt, tokens, out _));
    }

    [SkippableTheory]
    [InlineData(TinyModelKind.Recurrent)]
    [InlineData(TinyModelKind.Hybrid)]
    [InlineData(TinyModelKind.SlidingWindow)]
    public async Task After_a_restart_the_next_turn_reads_only_what_is_new(TinyModelKind kind)
    {
        using var reference = new TinyReference(await Load(kind, 2048, 2));
        var history = $"{System}<|im_start|>user\n{Words(new Random(1))} {Words(new Random(2))}<|im_end|>\n<|im_start|>assistant\n";
        TokenUsage before;
        await using (var engine = await Start(kind, cells: 2048))
        {
            var (tokens, usage) = await Say(engine, "c", history);
            history += string.Concat(tokens.Select(token => token.Token));
            before = usage;
        }

        await using var again = await Start(kind, cells: 2048);
        history += "<|im_end|>\n<|im_start|>user\nAnd then?<|im_end|>\n<|im_start|>assistant\n";
        var (reply, next) = await Say(again, "c", history);
        Assert.True(reference.IsReply(history, reply, out var expected), $"{Told(reply)} instead of {Told(expected)}");
        Assert.InRange(next.Reused!.Snapshot, before.PromptTokens + before.CompletionTokens - 2, next.PromptTokens);
    }

    private static string Words(Random random) => string.Join(' ', Enumerable.Range(0, random.Next(3, 30)).Select(_ => ((string[])["red", "green", "blue", "one", "two", "three", "cat", "dog"])[random.Next(8)]));

    private static string Told(IEnumerable<TokenLogProb> reply) => string.Join(' ', reply.Select(token => string.Create(CultureInfo.InvariantCulture, $"{token.Token}:{token.LogProb:0.00}")));

    private static async Task<(List<TokenLogProb> Tokens, TokenUsage Usage)> Say(InferenceEngine engine, string? key, string prompt)
    {
        var system = prompt[..(prompt.IndexOf("<|im_start|>user", StringComparison.Ordinal))];
        var generation = engine.Submit(new GenerationRequest
        {
            Key = key,
            Prompt = new Prompt(engine.Backend.Tokenize(prompt, addSpecial: false, parseSpecial: true)),
            SharedTokens = engine.Backend.Tokenize(system, addSpecial: false, parseSpecial: true).Length,
            MaxTokens = TinyReference.Tokens,
            Sampling = CoreDriver.Greedy with { IgnoreEnd = true, TopLogProbs = 3 },
        });
        var tokens = new List<TokenLogProb>();
        await foreach (var piece in generation.ReadAsync())
        {
            tokens.AddRange(piece.LogProbs ?? []);
        }

        return (tokens, (await generation.Completion).Usage);
    }

    private async Task<InferenceEngine> Start(TinyModelKind kind, int cells) => new(
        await Load(kind, cells, 5),
        new EngineOptions { Tiers = new KvTierOptions { SnapshotFolder = _folder.File("kv"), SnapshotDelayMs = 0, IdleSteps = 8 } }, TimeProvider.System, NullLogger<InferenceEngine>.Instance);

    private async Task<IModelBackend> Load(TinyModelKind kind, int cells, int sequences) => await RealBackend.Load(
        new BackendOptions { ModelPath = TinyModel.Write(kind, _folder.Path), Context = cells, MaxSequences = sequences, Threads = 1, BatchSize = 128, MicroBatchSize = 64 });
}
