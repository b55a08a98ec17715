using HybridConversations.Bench.Http;

namespace HybridConversations.Bench.Prompts;

/// <summary>The beginning of a conversation.</summary>
internal sealed record ChatPrompt(string System, string User)
{
    public IReadOnlyList<ChatMessage> Messages => [new ChatMessage("system", System), new ChatMessage("user", User)];
}
