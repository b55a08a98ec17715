using System.Globalization;

namespace HybridConversations.Inference.KvBlocks;

/// <summary>
/// Keys of KV states that belong to no conversation: beginnings that many share. A conversation's id never has a slash, so the two never meet.
/// </summary>
internal static class PrefixKey
{
    private const string Start = "prefix/";

    /// <summary>The key of a beginning, by its realm and all its tokens.</summary>
    public static string Of(ReadOnlySpan<int> tokens, KvRealm realm = default)
    {
        var chain = KvBlockId.Chain(tokens, KvLineage.Clean with { Realm = realm })[^1];
        return realm == default ? $"{Start}{chain}" : $"{Start}{realm.Root:x32}/{chain}";
    }

    public static bool Is(string? key) => key is not null && key.StartsWith(Start, StringComparison.Ordinal);

    /// <summary>Whose beginning it is.</summary>
    public static KvRealm RealmOf(string key) =>
        key.IndexOf('/', Start.Length) is var end and > 0 && UInt128.TryParse(key.AsSpan(Start.Length, end - Start.Length), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var root)
            ? new KvRealm(root)
            : default;
}
