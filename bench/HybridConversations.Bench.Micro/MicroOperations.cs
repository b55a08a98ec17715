using HybridConversations.Bench.Micro.Operations;

namespace HybridConversations.Bench.Micro;

/// <summary>Every operation that is measured. A new one needs a line here and one in allocation-limits.csv.</summary>
public static class MicroOperations
{
    private static readonly Dictionary<string, Func<IMicroOperation>> Known = new(StringComparer.Ordinal)
    {
        ["plan"] = () => new PlanStep(),
        ["cost-model"] = () => new LearnStepCost(),
        ["kv-cells"] = () => new TurnOverKvCells(),
        ["kv-block-ids"] = () => new NameKvBlocks(),
        ["prompt-lookup"] = () => new DraftTokens(),
        ["sample-greedy"] = () => new SampleToken("sample-greedy", temperature: 0),
        ["sample-top"] = () => new SampleToken("sample-top", temperature: 0.8f),
        ["stop-matcher"] = () => new MatchStops(),
        ["sentences"] = () => new SplitSentences(),
        ["prompt-render"] = () => new RenderPrompt(),
    };

    public static IReadOnlyList<string> Names { get; } = [.. Known.Keys];

    /// <summary>Sets an operation up.</summary>
    public static IMicroOperation Create(string name) => Known[name]();
}
