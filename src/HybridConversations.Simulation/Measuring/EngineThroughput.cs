using System.Diagnostics;
using HybridConversations.Inference.Engine;
using HybridConversations.Inference.Sampling;
using HybridConversations.Inference.Text;

namespace HybridConversations.Simulation.Measuring;

/// <summary>What the engine really writes with so many replies at once.</summary>
/// <param name="Streams">Replies at once.</param>
/// <param name="StepMs">Time between two tokens of a reply.</param>
/// <param name="ReadMsPerToken">Of the prompts.</param>
public sealed record EngineThroughput(int Streams, double StepMs, double ReadMsPerToken)
{
    /// <summary>Of all streams together.</summary>
    public double TokensPerSecond => 1000 * Streams / StepMs;

    /// <summary>Reads the prompts ahead, then has all replies written at once: they begin and end in the same steps.</summary>
    /// <param name="engine">Nobody else should use it meanwhile.</param>
    /// <param name="streams">Replies at once.</param>
    /// <param name="promptTokens">Tokens of each prompt, which no other prompt begins with.</param>
    /// <param name="replyTokens">Tokens of each reply.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<EngineThroughput> Measure(InferenceEngine engine, int streams, int promptTokens, int replyTokens, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var run = DistinctPrompt.NextRun();
        Request[] requests = [.. Enumerable.Range(0, streams).Select(stream => new Request($"throughput-{run}-{stream}", DistinctPrompt.Of(engine, (run * 131) + stream, promptTokens)))];
        var reading = Stopwatch.GetTimestamp();
        await Task.WhenAll(requests.Select(request => engine.Submit(new GenerationRequest { Key = request.Key, Prompt = request.Prompt, MaxTokens = 0 }).Completion)).WaitAsync(cancellationToken);
        var readMs = Stopwatch.GetElapsedTime(reading).TotalMilliseconds;
        Generation[] replies = [.. requests.Select(request => engine.Submit(new GenerationRequest
        {
            Key = request.Key,
            Prompt = request.Prompt,
            MaxTokens = replyTokens,
            Sampling = new SamplingParameters { Temperature = 0, IgnoreEnd = true },
        }))];
        var results = await Task.WhenAll(replies.Select(reply => reply.Completion)).WaitAsync(cancellationToken);
        await Task.WhenAll(requests.Select(request => engine.Forget(request.Key)));
        return new EngineThroughput(streams, results.Average(result => (result.Timings.TotalMs - result.Timings.FirstTokenMs) / (replyTokens - 1)), readMs / (streams * promptTokens));
    }

    private sealed record Request(string Key, Prompt Prompt);
}
