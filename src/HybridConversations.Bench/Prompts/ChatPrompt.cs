using HybridConversations.Bench.Http;

namespace HybridConversations.Bench.Prompts;

/// <summary>The beginning of a conversation.</summary>
internal sealed record ChatPrompt(string System, string User)
{
    public IReadOnlyList<BenchMessage> Messages => [new BenchMessage("system", System), new BenchMessage("user", User)];
}
