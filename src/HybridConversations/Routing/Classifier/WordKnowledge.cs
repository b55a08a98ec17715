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
    public bool CanJudge(scoped in WordList words, int index) => words[index].Classes != 0 || words[index].Kind != WordKind.Content || Knows(words, index);

    /// <summary>Was it in a request that was learned from?</summary>
    public bool Knows(scoped in WordList words, int index) => words.StandsAlone(index)
        ? (index > 0 && Knows(Pair(words[index - 1].Hash, words[index].Hash))) || (index + 1 < words.Count && Knows(Pair(words[index].Hash, words[index + 1].Hash)))
        : Knows(words[index].Hash);

    /// <summary>The share of the words that are known, numbers left out; 0 where there are none.</summary>
    public double ShareOf(scoped in WordList words)
    {
        var (read, known) = (0, 0);
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i].Kind != WordKind.Number)
            {
                read++;
                known += Knows(words, i) ? 1 : 0;
            }
        }

        return read == 0 ? 0 : (double)known / read;
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
