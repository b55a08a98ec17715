using System.Numerics;

namespace HybridConversations.Routing;

/// <summary>
/// Turns words into hashed features ("feature hashing", Weinberger et al. 2009): words, neighbours, pairs of content words, what the request
/// begins with, the beginnings and ends of long words, and the same over <see cref="WordClasses"/>, which speak for words that were never seen.
/// No feature knows of capitals, punctuation or length. The trainer and the router read them with this code.
/// </summary>
internal static class FeatureReader
{
    public const int BucketBits = 18;
    public const int Buckets = 1 << BucketBits;

    private const int PairReach = 3;
    private const int ClassReach = 4;
    private const int LeadReach = 16;
    private const int StemLength = 5;
    private const int EndingLength = 4;

    private enum Kind
    {
        Word = 1,
        Neighbours,
        Pair,
        Lead,
        LeadPair,
        Stem,
        Ending,
        Numbers,
        Class,
        ClassPair,
        ClassLead,
    }

    /// <param name="words">What was said.</param>
    /// <param name="seen"><see cref="FeatureSet.Scratch"/> zeros.</param>
    /// <param name="sink">Takes the features.</param>
    public static void Read<TSink>(scoped in WordList words, scoped Span<uint> seen, scoped ref TSink sink)
        where TSink : IFeatureSink, allows ref struct
    {
        Span<int> content = stackalloc int[WordList.MaxWords];
        var contentCount = 0;
        for (var i = 0; i < words.Count; i++)
        {
            ReadWord(words, i, seen, ref sink);
            if (words[i].Kind != WordKind.Function)
            {
                content[contentCount++] = i;
            }
        }

        for (var c = 0; c < contentCount; c++)
        {
            ReadPairs(words, content[..contentCount], c, seen, ref sink);
        }

        ReadNumbers(words, seen, ref sink);
    }

    private static void ReadWord<TSink>(scoped in WordList words, int i, scoped Span<uint> seen, scoped ref TSink sink)
        where TSink : IFeatureSink, allows ref struct
    {
        var word = words[i];
        Emit(Kind.Word, word.Hash, 0, 1f, i, i, seen, ref sink);
        Emit(Kind.Neighbours, i == 0 ? 0 : words[i - 1].Hash, word.Hash, 0.5f, Math.Max(0, i - 1), i, seen, ref sink);
        for (var rest = word.Classes; rest != 0; rest &= rest - 1)
        {
            Emit(Kind.Class, Class(rest), 0, 1f, i, i, seen, ref sink);
        }

        if (word.Kind == WordKind.Content && word.Length > StemLength + 1)
        {
            var text = words.Text(i);
            Emit(Kind.Stem, WordList.Hash(text[..StemLength]), 0, 1f, i, i, seen, ref sink);
            Emit(Kind.Ending, WordList.Hash(text[^EndingLength..]), 0, 0.7f, i, i, seen, ref sink);
        }
    }

    private static void ReadPairs<TSink>(scoped in WordList words, scoped ReadOnlySpan<int> content, int c, scoped Span<uint> seen, scoped ref TSink sink)
        where TSink : IFeatureSink, allows ref struct
    {
        var lead = content[0];
        var here = content[c];
        for (var reach = 1; reach <= ClassReach && c + reach < content.Length; reach++)
        {
            var other = content[c + reach];
            if (reach <= PairReach)
            {
                Emit(Kind.Pair, words[here].Hash, words[other].Hash, reach == 1 ? 0.5f : 0.25f, here, other, seen, ref sink);
            }

            EmitClasses(Kind.ClassPair, words, here, other, 0.8f, seen, ref sink);
        }

        if (c == 0)
        {
            Emit(Kind.Lead, words[lead].Hash, 0, 0.7f, lead, lead, seen, ref sink);
        }
        else if (c <= LeadReach)
        {
            Emit(Kind.LeadPair, words[lead].Hash, words[here].Hash, 0.5f, lead, here, seen, ref sink);
            EmitClasses(Kind.ClassLead, words, lead, here, 0.7f, seen, ref sink);
        }
    }

    /// <summary>Two numbers and more are a calculation, or a shopping list; the other words tell which.</summary>
    private static void ReadNumbers<TSink>(scoped in WordList words, scoped Span<uint> seen, scoped ref TSink sink)
        where TSink : IFeatureSink, allows ref struct
    {
        var (count, last) = (0, 0);
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i].Kind == WordKind.Number)
            {
                (count, last) = (count + 1, i);
            }
        }

        if (count >= 2)
        {
            Emit(Kind.Numbers, (uint)Math.Min(count, 4), 0, 0.7f, last, last, seen, ref sink);
        }
    }

    private static void EmitClasses<TSink>(Kind kind, scoped in WordList words, int first, int second, float value, scoped Span<uint> seen, scoped ref TSink sink)
        where TSink : IFeatureSink, allows ref struct
    {
        for (var one = words[first].Classes; one != 0; one &= one - 1)
        {
            for (var two = words[second].Classes; two != 0; two &= two - 1)
            {
                Emit(kind, Class(one), Class(two), value, first, second, seen, ref sink);
            }
        }
    }

    private static uint Class(ulong classes) => (uint)BitOperations.TrailingZeroCount(classes) + 1;

    private static void Emit<TSink>(Kind kind, uint first, uint second, float value, int firstWord, int secondWord, scoped Span<uint> seen, scoped ref TSink sink)
        where TSink : IFeatureSink, allows ref struct
    {
        var mixed = Mix((((ulong)first << 32) | second) + ((ulong)kind * 0x9E3779B97F4A7C15));
        if (FeatureSet.Add(seen, (uint)mixed))
        {
            sink.Add((int)(mixed >> (64 - BucketBits)), value, firstWord, secondWord);
        }
    }

    /// <summary>The finaliser of SplitMix64.</summary>
    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }
}
