using HybridConversations.Bench.Http;
using HybridConversations.Bench.Statistics;

namespace HybridConversations.Bench.Scenarios;

/// <summary>What one run gave.</summary>
/// <param name="Figures">In the order in which they are shown.</param>
/// <param name="Replies">Every reply that was measured.</param>
internal sealed record Measurement(IReadOnlyList<Figure> Figures, IReadOnlyList<ReplyTrace> Replies)
{
    /// <summary>What a reader of the figures should know.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
