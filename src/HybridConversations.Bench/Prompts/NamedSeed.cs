namespace HybridConversations.Bench.Prompts;

/// <summary>Random numbers that a seed and a name determine, in every process and on every machine.</summary>
internal static class NamedSeed
{
    private const ulong FnvOffset = 14695981039346656037;
    private const ulong FnvPrime = 1099511628211;

    public static Random Of(int seed, string key)
    {
        var hash = FnvOffset ^ (uint)seed;
        foreach (var character in key)
        {
            hash = (hash ^ character) * FnvPrime;
        }

        return new Random((int)((hash >> 32) ^ hash));
    }
}
