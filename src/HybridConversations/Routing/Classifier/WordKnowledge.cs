using System.Runtime.InteropServices;

namespace HybridConversations.Routing;

/// <summary>
/// Which words a classifier was trained on: a bit each, by hash (one in some twenty strangers passes for known). Characters that stand alone are known by
/// their neighbours, since any few hundred of them occur everywhere.
/// </summary>
internal sealed class WordKnowledge
{
    public const int Bits = 1 << 19;

    private readonly ulong[] _bits;

    private WordKnowledge(ulong[] bits) => _bits = bits;

    /// <param name="words">Hashes of words, and <see cref="Pair"/>s.</param>
    public static WordKnowledge Of(IEnumerable<uint> words)
    {
        var bits = new ulong[Bits / 64];
        foreach (var word in words)
        {
            bits[Place(word) / 64] |= 1ul << (Place(word) % 64);
        }

        return new WordKnowledge(bits);
    }

    /// <summary>What two characters in a row are known by.</summary>
    public static uint Pair(uint one, uint other) => (one * 31) + other;

    public bool Knows(uint word) => (_bits[Place(word) / 64] >> (Place(word) % 64) & 1) != 0;

    /// <summary>Can the classifier judge this word: by itself, or by the class it belongs to?</summary>
    public bool Knows(scoped in WordList words, int index)
    {
        var word = words[index];
        if (word.Classes != 0 || word.Kind != WordKind.Content)
        {
            return true;
        }

        return word.StandsAlone
            ? (index > 0 && Knows(Pair(words[index - 1].Hash, word.Hash))) || (index + 1 < words.Count && Knows(Pair(word.Hash, words[index + 1].Hash)))
            : Knows(word.Hash);
    }

    public void Write(Stream stream) => stream.Write(MemoryMarshal.AsBytes<ulong>(_bits));

    /// <exception cref="EndOfStreamException">The stream is cut.</exception>
    public static WordKnowledge Read(Stream stream)
    {
        var bits = new ulong[Bits / 64];
        stream.ReadExactly(MemoryMarshal.AsBytes(bits.AsSpan()));
        return new WordKnowledge(bits);
    }

    private static int Place(uint word) => (int)(word * 2654435769u >> 13);
}
