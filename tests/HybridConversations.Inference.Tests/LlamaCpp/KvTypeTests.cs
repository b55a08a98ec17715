using System.Globalization;
using System.Numerics.Tensors;
using HybridConversations.Inference.Backends;
using HybridConversations.Inference.LlamaCpp;
using HybridConversations.Inference.Text;
using HybridConversations.Tests.Common;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit.Abstractions;

namespace HybridConversations.Inference.Tests.LlamaCpp;

/// <summary>
/// What q8_0 keys and values change in the output, against f16: greedy replies and the first token's log probabilities. With <c>HC_TEST_MODEL</c> on that model
/// (docs/results/kv-types.md), else on the demo model.
/// </summary>
public sealed class KvTypeTests(ITestOutputHelper output)
{
    private const int Tokens = 60;

    private static readonly string[] Questions =
    [
        "What is the capital of France?", "Tell me a joke.", "Tell me a story.", "How do you spell lamp?", "What is 12 plus 7?", "Tell me a fun fact.", "What is the opposite of hot?",
        "My name is Ada. What is my name?", "Why is the sky blue?", "What should I cook with rice and eggs?", "Name three animals that live in the sea.", "How do I fall asleep faster?",
        "What is a good gift for a friend?", "Explain what a river is to a child.", "Give me a tip for learning a language.", "What can I do on a rainy day?",
    ];

    [Fact]
    public async Task Eight_bit_keys_and_values_take_half_the_memory_and_change_little()
    {
        var model = Environment.GetEnvironmentVariable("HC_TEST_MODEL") is { Length: > 0 } given ? given : RepositoryFiles.DemoModel;
        var (f16, f16Bytes) = await Run(model, KvType.F16);
        var (q8, q8Bytes) = await Run(model, KvType.Q8_0);
        var same = f16.Zip(q8).Count(pair => pair.First.Tokens.SequenceEqual(pair.Second.Tokens));
        var alike = f16.Zip(q8).Average(pair => (double)pair.First.Tokens.AsSpan().CommonPrefixLength(pair.Second.Tokens) / Math.Max(1, pair.First.Tokens.Length));
        var change = f16.Zip(q8).Average(pair => pair.First.LogProbs.Zip(pair.Second.LogProbs).Average(p => Math.Abs(p.First - p.Second)));
        var first = f16.Zip(q8).Average(pair => (double)Math.Abs(pair.First.LogProbs[pair.First.Best] - pair.Second.LogProbs[pair.First.Best]));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Path.GetFileName(model)}: bytes a cell {f16Bytes} -> {q8Bytes}; {same} of {f16.Count} greedy replies of {Tokens} tokens the same, the same for {alike:P1} of their length; "
            + $"mean change of the first token's log probability {first:0.0000} (of the likeliest), {change:0.0000} (over the vocabulary)"));
        Assert.InRange((double)q8Bytes / f16Bytes, 0.45, 0.6);
        Assert.InRange(first, 0, 0.1);
        Assert.InRange(change, 0, 0.2);
        Assert.InRange(alike, 0.25, 1); // one token that falls otherwise changes all behind it
    }

    private static async Task<(List<Answer> Answers, int Bytes)> Run(string model, KvType type)
    {
        using var backend = await LlamaBackend.Load(new BackendOptions { ModelPath = model, Context = 512, MaxSequences = 2, KvType = type }, NullLogger.Instance);
        var renderer = new PromptRenderer(backend);
        return ([.. Questions.Select(question => Reply(backend, renderer.Render([new ChatMessage(ChatMessage.User, question)]).Tokens))], backend.Info.KvBytesPerToken);
    }

    private static Answer Reply(LlamaBackend backend, int[] prompt)
    {
        var batch = new TokenBatch(backend.Info.BatchSize);
        for (var i = 0; i < prompt.Length; i++)
        {
            batch.Add(prompt[i], i, 0, wantsLogits: i == prompt.Length - 1);
        }

        var (tokens, logProbs, row) = (new List<int>(), Array.Empty<float>(), prompt.Length - 1);
        while (tokens.Count < Tokens)
        {
            Assert.Equal(DecodeStatus.Ok, backend.Decode(batch));
            var logits = backend.Logits(row);
            if (tokens.Count == 0)
            {
                logProbs = LogProbs(logits);
            }

            var next = TensorPrimitives.IndexOfMax(logits);
            if (backend.IsEndOfGeneration(next))
            {
                break;
            }

            batch.Clear();
            row = batch.Add(next, prompt.Length + tokens.Count, 0, wantsLogits: true);
            tokens.Add(next);
        }

        backend.RemoveRange(0, -1, -1);
        return new Answer([.. tokens], logProbs);
    }

    private static float[] LogProbs(ReadOnlySpan<float> logits)
    {
        var result = new float[logits.Length];
        TensorPrimitives.Subtract(logits, TensorPrimitives.Max(logits), result);
        var exponents = new float[logits.Length];
        TensorPrimitives.Exp(result, exponents);
        TensorPrimitives.Subtract(result, MathF.Log(TensorPrimitives.Sum<float>(exponents)), result);
        return result;
    }

    private sealed record Answer(int[] Tokens, float[] LogProbs)
    {
        public int Best => TensorPrimitives.IndexOfMax<float>(LogProbs);
    }
}
