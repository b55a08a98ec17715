using HybridConversations.Inference.Speculation;

namespace HybridConversations.Bench.Micro.Operations;

/// <summary>Looks 2,000 tokens through for what followed the last four.</summary>
internal sealed class DraftTokens : IMicroOperation
{
    private readonly int[] _tokens = [1, 2, 3, 4, 5, .. Enumerable.Range(100, 2000), 1, 2, 3, 4];

    public string Name => "prompt-lookup";

    public void Run()
    {
        if (PromptLookup.Draft(_tokens, PromptLookup.MaxDraft) is not [5, ..])
        {
            throw new InvalidOperationException("The draft is wrong.");
        }
    }

    public void Dispose()
    {
    }
}
