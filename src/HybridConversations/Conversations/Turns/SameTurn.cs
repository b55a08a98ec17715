namespace HybridConversations.Conversations;

/// <summary>Whether a turn that is sent again is the same one: what was said and what was brought are.</summary>
internal static class SameTurn
{
    public static bool Is(Turn turn, string text, IReadOnlyList<ToolResult>? results) =>
        turn.Text == text && turn.ToolResults.Select(Brought).SequenceEqual((results ?? []).Select(Brought));

    private static (string CallId, string Content) Brought(ToolResult result) => (result.CallId, result.Content);
}
