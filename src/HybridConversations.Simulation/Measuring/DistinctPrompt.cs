using HybridConversations.Inference.Engine;
using HybridConversations.Inference.Text;

namespace HybridConversations.Simulation.Measuring;

/// <summary>Prompts that no other prompt begins with, so that nothing of them is held already.</summary>
internal static class DistinctPrompt
{
    private static int _runs;

    /// <summary>A number for the next prompts.</summary>
    public static int NextRun() => Interlocked.Increment(ref _runs);

    public static Prompt Of(InferenceEngine engine, int seed, int length)
    {
        var vocabulary = engine.Backend.Info.VocabularySize;
        var tokens = new int[length];
        for (var i = 0; i < length; i++)
        {
            var token = (int)(((seed * 7919L) + (i * 31L)) % vocabulary);
            while (engine.Backend.IsControl(token) || engine.Backend.IsEndOfGeneration(token))
            {
                token = (token + 1) % vocabulary;
            }

            tokens[i] = token;
        }

        return new Prompt(tokens);
    }
}
