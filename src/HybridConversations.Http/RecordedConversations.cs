using HybridConversations.Http.Problems;

namespace HybridConversations.Http;

/// <summary>The records of conversations, where they can be had.</summary>
internal static class RecordedConversations
{
    /// <exception cref="ProblemException"><c>invalid-request</c>: not an id; 501: these conversations are another server's.</exception>
    public static IConversationRecord Record(this IConversations conversations, string conversationId) => conversations.Get(conversationId) as IConversationRecord
        ?? throw new ProblemException(HttpProblems.NotDoneHere(
            "These conversations are kept by another server, which alone can read their turns one by one: ask that one."));
}
