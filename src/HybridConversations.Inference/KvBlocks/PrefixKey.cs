namespace HybridConversations.Inference.KvBlocks;

/// <summary>
/// Keys of KV states that belong to no conversation: beginnings that many share. A conversation's id never has a slash, so the two never meet.
/// </summary>
internal static class PrefixKey
{
    private const string Start = "prefix/";

    /// <summary>The key of a beginning, by all its tokens.</summary>
    public static string Of(ReadOnlySpan<int> tokens) => Start + KvBlockId.Chain(tokens)[^1];

    public static bool Is(string? key) => key is not null && key.StartsWith(Start, StringComparison.Ordinal);
}
