using HybridConversations.Inference.Engine;
using HybridConversations.Inference.Sampling;

namespace HybridConversations.Simulation.Measuring;

/// <summary>How long one answer takes that nobody else disturbs.</summary>
/// <param name="Tokens">Of the answer.</param>
/// <param name="FirstTokenMs">Until its first token, the words before it read.</param>
/// <param name="Seconds">Until it is whole.</param>
public sealed record AnswerTime(int Tokens, double FirstTokenMs, double Seconds)
{
    /// <summary>Asks with a prompt that is new, and waits.</summary>
    public static async Task<AnswerTime> Measure(InferenceEngine engine, int promptTokens, int tokens, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        var run = DistinctPrompt.NextRun();
        var key = $"answer-{run}";
        var result = await engine.Submit(new GenerationRequest
        {
            Key = key,
            Prompt = DistinctPrompt.Of(engine, run * 131, promptTokens),
            MaxTokens = tokens,
            Sampling = new SamplingParameters { Temperature = 0, IgnoreEnd = true },
            Priority = TurnPriority.Voice,
        }).Completion.WaitAsync(cancellationToken);
        await engine.Forget(key);
        return new AnswerTime(tokens, result.Timings.FirstTokenMs, result.Timings.TotalMs / 1000);
    }
}
