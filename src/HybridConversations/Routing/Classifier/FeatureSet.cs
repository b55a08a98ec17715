namespace HybridConversations.Routing;

/// <summary>
/// Keeps a feature from counting twice, and their number within bounds: an open-addressing table in scratch of a fixed size, its last
/// element the count. (A span and static methods, because the compiler's lifetime rules would not let a sink and a set be passed together.)
/// </summary>
internal static class FeatureSet
{
    private const int Slots = 4096;

    /// <summary>Features of a turn; more are left out.</summary>
    private const int Limit = Slots / 2;

    /// <summary>Length of the scratch, all zero.</summary>
    public const int Scratch = Slots + 1;

    /// <summary>False when the feature is known or the set is full.</summary>
    public static bool Add(Span<uint> scratch, uint key)
    {
        ref var count = ref scratch[Slots];
        if (count == Limit)
        {
            return false;
        }

        key |= 1;
        var slot = (int)(key >> 1) & (Slots - 1);
        while (scratch[slot] != 0)
        {
            if (scratch[slot] == key)
            {
                return false;
            }

            slot = (slot + 1) & (Slots - 1);
        }

        scratch[slot] = key;
        count++;
        return true;
    }
}
