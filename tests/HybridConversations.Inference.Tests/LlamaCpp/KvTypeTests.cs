using System.Globalization;
using System.Numerics.Tensors;
using HybridConversations.Inference.Backends;
using HybridConversations.Inference.LlamaCpp;
using HybridConversations.Inference.Tests.Backends;
using HybridConversations.Inference.Text;
using HybridConversations.Tests.Common;
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

    [SkippableFact]
    public async Task Eight_bit_keys_and_values_take_half_the_memory_and_change_little()
    {
        var f16Options = new BackendOptions { ModelPath = RepositoryFiles.TestModel, Context = 512, MaxSequences = 2, Threads = 1 };
        var q8Options = f16Options with { KvType = KvType.Q8_0 };
        var (f16, f16Bytes) = await Run(f16Options, null);
        var (q8, q8Bytes) = await Run(q8Options, null);
        var (follower, _) = await Run(q8Options, f16);
        var same = f16.Zip(q8).Count(pair => pair.First.Tokens.SequenceEqual(pair.Second.Tokens));
        var alike = f16.Zip(q8).Average(pair => (double)pair.First.Tokens.AsSpan().CommonPrefixLength(pair.Second.Tokens) / Math.Max(1, pair.First.Tokens.Length));
        var change = f16.Zip(q8).Average(pair => pair.First.FirstLogProbs.Zip(pair.Second.FirstLogProbs).Average(p => Math.Abs(p.First - p.Second)));
        var first = f16.Zip(q8).Average(pair => (double)Math.Abs(pair.First.FirstLogProbs[pair.First.Best] - pair.Second.FirstLogProbs[pair.First.Best]));
        var distances = f16.Zip(follower).SelectMany(pair => pair.First.Logits.Zip(pair.Second.Logits, Distance)).ToList();
        var noise = KernelNoise.Of(q8Options);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Path.GetFileName(f16Options.ModelPath)}: bytes a cell {f16Bytes} -> {q8Bytes}; {same} of {f16.Count} greedy replies of {Tokens} tokens the same, the same for {alike:P1} of their length; "
            + $"mean change of the first token's log probability {first:0.0000} (of the likeliest), {change:0.0000} (over the vocabulary); "
            + $"behind the same tokens the logits differ by {distances.Average():0.0000} of their spread, at most {distances.Max():0.0000}, {noise:0.0000} is allowed"));
        Assert.InRange((double)q8Bytes / f16Bytes, 0.45, 0.6);

        // A greedy reply changes wholly behind the first token that falls otherwise, so what is held to the arithmetic are the logits behind the same tokens.
        Assert.All(distances, distance => Assert.InRange(distance, 0, noise));
    }

    /// <summary>Greedy answers, or the logits along given ones.</summary>
    private static async Task<(List<Answer> Answers, int Bytes)> Run(BackendOptions options, List<Answer>? given)
    {
        using var backend = await RealBackend.Load(options);
        var renderer = new PromptRenderer(backend);
        return ([.. Questions.Select((question, index) =>
        {
            var prompt = renderer.Render([new ChatMessage(ChatMessage.User, question)]).Tokens;
            var answer = given is null ? Reply(backend, prompt) : Follow(backend, prompt, given[index].Tokens);
            backend.RemoveRange(0, -1, -1);
            return answer;
        })], backend.Info.KvBytesPerToken);
    }

    private static Answer Reply(LlamaBackend backend, int[] prompt)
    {
        var batch = new TokenBatch(backend.Info.BatchSize);
        for (var i = 0; i < prompt.Length; i++)
        {
            batch.Add(prompt[i], i, 0, wantsLogits: i == prompt.Length - 1);
        }

        var (tokens, all, row) = (new List<int>(), new List<float[]>(), prompt.Length - 1);
        while (tokens.Count < Tokens)
        {
            Assert.Equal(DecodeStatus.Ok, backend.Decode(batch));
            all.Add(backend.Logits(row).ToArray());
            var next = TensorPrimitives.IndexOfMax<float>(all[^1]);
            if (backend.IsEndOfGeneration(next))
            {
                break;
            }

            batch.Clear();
            row = batch.Add(next, prompt.Length + tokens.Count, 0, wantsLogits: true);
            tokens.Add(next);
        }

        return new Answer([.. tokens], all);
    }

    /// <summary>The logits before each token of a reply and behind its last one, read at once.</summary>
    private static Answer Follow(LlamaBackend backend, int[] prompt, int[] reply)
    {
        var batch = new TokenBatch(backend.Info.BatchSize);
        int[] all = [.. prompt, .. reply];
        for (var i = 0; i < all.Length; i++)
        {
            batch.Add(all[i], i, 0, wantsLogits: i >= prompt.Length - 1);
        }

        Assert.Equal(DecodeStatus.Ok, backend.Decode(batch));
        return new Answer(reply, [.. Enumerable.Range(prompt.Length - 1, reply.Length + 1).Select(row => backend.Logits(row).ToArray())]);
    }

    private static float Distance(float[] expected, float[] actual) =>
        TensorPrimitives.Distance<float>(expected, actual) / (MathF.Sqrt(expected.Length) * TensorPrimitives.StdDev<float>(expected));

    private static float[] LogProbs(ReadOnlySpan<float> logits)
    {
        var result = new float[logits.Length];
        TensorPrimitives.Subtract(logits, TensorPrimitives.Max(logits), result);
        var exponents = new float[logits.Length];
        TensorPrimitives.Exp(result, exponents);
        TensorPrimitives.Subtract(result, MathF.Log(TensorPrimitives.Sum<float>(exponents)), result);
        return result;
    }

    private sealed record Answer(int[] Tokens, List<float[]> Logits)
    {
        public float[] FirstLogProbs { get; } = LogProbs(Logits[0]);
        public int Best => TensorPrimitives.IndexOfMax<float>(FirstLogProbs);
    }
}
