using System.Numerics.Tensors;
using HybridConversations.Inference.Backends;
using HybridConversations.Inference.LlamaCpp;
using HybridConversations.Inference.Templates;
using HybridConversations.Inference.Tests.Backends;
using HybridConversations.Inference.Text;
using HybridConversations.Tests.Common;

namespace HybridConversations.Inference.Tests.LlamaCpp;

/// <summary>What only llama.cpp's backend promises.</summary>
public sealed class LlamaEngineTests
{
    private const int MicroBatch = 32;
    private readonly BackendOptions _options = new()
    {
        ModelPath = RepositoryFiles.DemoModel,
        Context = 1024,
        MaxSequences = 2,
        BatchSize = 1024,
        MicroBatchSize = MicroBatch,
        Threads = 1,
        FlashAttention = FlashAttention.Off,
    };

    [SkippableFact]
    public async Task The_built_in_model_remembers_a_name()
    {
        using var backend = await Load();
        var prompt = backend.Info.Template.Render(new ChatInput(
            [new("user", "My name is Ada."), new("assistant", "Nice to meet you, Ada!"), new("user", "What is my name?")]));
        var tokens = backend.Tokenize(prompt, addSpecial: true, parseSpecial: true);
        var batch = new TokenBatch(1024);
        var reply = new List<byte>();
        var piece = new byte[64];
        for (var position = 0; reply.Count < 200;)
        {
            batch.Clear();
            foreach (var token in tokens)
            {
                batch.Add(token, position++, 0, wantsLogits: token == tokens[^1] && position >= tokens.Length);
            }

            Assert.Equal(DecodeStatus.Ok, backend.Decode(batch));
            var next = TensorPrimitives.IndexOfMax(backend.Logits(batch.Count - 1));
            if (backend.IsEndOfGeneration(next))
            {
                break;
            }

            reply.AddRange(piece.AsSpan(0, backend.TokenToPiece(next, piece)));
            tokens = [next];
        }

        Assert.Contains("Ada", System.Text.Encoding.UTF8.GetString([.. reply]));
    }

    [SkippableFact]
    public async Task A_decode_that_runs_is_aborted_at_a_micro_batch_and_can_be_continued()
    {
        using var backend = await Load();
        var tokens = Tokens(1024);
        var whole = Decode(backend, 0, tokens, 0, out var logits);
        Assert.Equal(DecodeStatus.Ok, whole);
        backend.RemoveRange(0, -1, -1);

        var (status, tries, held) = (DecodeStatus.Ok, 0, 0);
        for (; tries < 50 && (status != DecodeStatus.Aborted || held == 0); tries++)
        {
            backend.RemoveRange(0, -1, -1);
            using var started = new ManualResetEventSlim();
            var wait = TimeSpan.FromMilliseconds(2 + tries);
            var aborter = Task.Run(() =>
            {
                started.Wait();
                var clock = System.Diagnostics.Stopwatch.StartNew();
                SpinWait.SpinUntil(() => clock.Elapsed > wait);
                backend.RequestAbort();
            });
            started.Set();
            status = Decode(backend, 0, tokens, 0, out _);
            held = backend.MaxPosition(0) + 1;
            await aborter;
            if (status == DecodeStatus.Ok)
            {
                Assert.Equal(DecodeStatus.Aborted, Decode(backend, 1, tokens[..1], 0, out _));
            }
        }

        Assert.Equal(DecodeStatus.Aborted, status);
        Assert.InRange(held, MicroBatch, 1024 - MicroBatch);
        Assert.Equal(0, held % MicroBatch);
        Assert.Equal(DecodeStatus.Ok, Decode(backend, 0, tokens[held..], held, out var continued));
        var distance = TensorPrimitives.Distance<float>(logits, continued) / (MathF.Sqrt(logits.Length) * TensorPrimitives.StdDev<float>(logits));
        Assert.InRange(distance, 0, KernelNoise.Of(_options));
    }

    [SkippableFact]
    public async Task Decoding_and_reading_logits_allocate_nothing()
    {
        using var backend = await Load();
        var batch = new TokenBatch(4);
        long Step(int position)
        {
            batch.Clear();
            batch.Add(5, position, 0, wantsLogits: true);
            batch.Add(6, position, 1, wantsLogits: true);
            var before = GC.GetAllocatedBytesForCurrentThread();
            backend.Decode(batch);
            _ = backend.Logits(0)[0] + backend.Logits(1)[0];
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Step(0);
        Step(1);

        Assert.Equal(0, Enumerable.Range(2, 100).Sum(Step));
    }

    [SkippableFact]
    public async Task Pieces_are_read_without_allocating()
    {
        using var backend = await Load();
        var buffer = new byte[64];
        backend.TokenToPiece(0, buffer);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var token = 0; token < backend.Info.VocabularySize; token++)
        {
            backend.TokenToPiece(token, buffer);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Throws<ArgumentOutOfRangeException>(() => backend.TokenToPiece(backend.Info.VocabularySize, buffer));
    }

    [SkippableFact]
    public async Task A_nul_in_a_message_does_not_end_it()
    {
        using var backend = await Load();

        var prompt = new PromptRenderer(backend).Render(new ChatInput([new ChatMessage("user", "before\0after")]));

        var piece = new byte[64];
        var text = string.Concat(prompt.Tokens.Select(token => System.Text.Encoding.Latin1.GetString(piece, 0, backend.TokenToPiece(token, piece))));
        Assert.Contains("before\u00EF\u00BF\u00BDafter", text);
    }

    [SkippableFact]
    public async Task A_text_of_a_long_contexts_length_is_tokenized()
    {
        using var backend = await Load();
        const string Words = "nice to meet you today my name is Ada and I like ";

        var one = backend.Tokenize(Words + Words, addSpecial: false, parseSpecial: false).Length - backend.Tokenize(Words, addSpecial: false, parseSpecial: false).Length;
        var all = backend.Tokenize(string.Concat(Enumerable.Repeat(Words, 20_000)), addSpecial: false, parseSpecial: false).Length; // 980,000 characters
        Assert.InRange(all, (20_000 * one) - 20, (20_000 * one) + 20);
    }

    [SkippableFact]
    public async Task Models_come_and_go()
    {
        for (var round = 0; round < 10; round++)
        {
            var (first, second) = (await Load(), await Load());
            Assert.Equal(DecodeStatus.Ok, Decode(second, 0, Tokens(10), 0, out _));
            first.Dispose();
            Assert.Equal(DecodeStatus.Ok, Decode(second, 0, Tokens(10), 10, out _));
            second.Dispose();
            second.Dispose();
        }
    }

    private Task<LlamaBackend> Load() => RealBackend.Load(_options);

    private static int[] Tokens(int count) => [.. Enumerable.Range(0, count).Select(index => 100 + index * 37 % 2900)];

    private static DecodeStatus Decode(LlamaBackend backend, int sequence, int[] tokens, int position, out float[] logits)
    {
        var batch = new TokenBatch(tokens.Length);
        for (var index = 0; index < tokens.Length; index++)
        {
            batch.Add(tokens[index], position + index, sequence, wantsLogits: index == tokens.Length - 1);
        }

        var status = backend.Decode(batch);
        logits = status == DecodeStatus.Ok ? backend.Logits(tokens.Length - 1).ToArray() : [];
        return status;
    }
}
