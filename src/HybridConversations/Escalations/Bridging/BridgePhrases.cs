using HybridConversations.Routing;

namespace HybridConversations.Escalations.Bridging;

/// <summary>Picks what to say while the cloud thinks: by the turn's id, so that a turn always gets the same phrase and two turns rarely do.</summary>
public sealed class BridgePhrases(BridgeOptions options)
{
    /// <param name="turnId">Of the turn.</param>
    /// <param name="index">0 for its first phrase.</param>
    /// <param name="text">What was said in it: its language is answered in kind, unless the operator wrote phrases.</param>
    public string Pick(string turnId, int index = 0, string text = "")
    {
        var (first, further) = (options.FollowsLanguage ? BridgeLanguages.Of(SpokenLanguage.Of(text)) : null) ?? (options.Phrases, options.Further);
        var hash = Hash(turnId);
        return index == 0 ? first[(int)(hash % (uint)first.Count)] : further[(int)((hash + (uint)index - 1) % (uint)further.Count)];
    }

    // FNV-1a with a final mix (MurmurHash3's): string.GetHashCode differs from process to process.
    private static uint Hash(string text)
    {
        var hash = 2_166_136_261u;
        foreach (var c in text)
        {
            hash = (hash ^ c) * 16_777_619u;
        }

        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        return hash ^ (hash >> 13);
    }
}
