using System.Numerics;

namespace HybridConversations.Routing;

/// <summary>
/// Turns words into hashed features ("feature hashing", Weinberger et al. 2009): words, neighbours, pairs of content words, what the request
/// begins with, the beginnings and ends of long words, the same over the classes of the <see cref="Lexicon"/>, which speak for words that were never seen,
/// and the <see cref="TextMarks"/>. A word that the classifier does not know speaks by its classes, beginning and end only. Where few words are known, the
/// amount of text and of numbers counts; elsewhere no feature knows of capitals, punctuation or length. The trainer and the router read them with this code.
/// </summary>
internal static class FeatureReader
{
    public const int BucketBits = 19;
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
        Triple,
        Mark,
        MarkPair,
        Amount,
    }

    /// <param name="words">What was said.</param>
    /// <param name="knowledge">The words that count by themselves; null for all.</param>
    /// <param name="seen"><see cref="FeatureSet.Scratch"/> zeros.</param>
    /// <param name="sink">Takes the features.</param>
    /// <returns>The share of the words that could be judged, 0 to 1.</returns>
    public static double Read<TSink>(scoped in WordList words, WordKnowledge? knowledge, scoped Span<uint> seen, scoped ref TSink sink)
        where TSink : IFeatureSink, allows ref struct
    {
        Span<bool> known = stackalloc bool[WordList.MaxWords];
        var share = Judge(words, knowledge, known);
        Span<int> content = stackalloc int[WordList.MaxWords];
        var contentCount = 0;
        for (var i = 0; i < words.Count; i++)
        {
            ReadWord(words, i, known, seen, ref sink);
            if (words[i].Kind != WordKind.Function)
            {
                content[contentCount++] = i;
            }
        }

        for (var c = 0; c < contentCount; c++)
        {
            ReadPairs(words, content[..contentCount], c, known, seen, ref sink);
        }

        var numbers = ReadNumbers(words, seen, ref sink);
        ReadMarks(words, numbers, share, seen, ref sink);
        return share;
    }

    private static double Judge(scoped in WordList words, WordKnowledge? knowledge, scoped Span<bool> known)
    {
        var (read, judged) = (0, 0);
        for (var i = 0; i < words.Count; i++)
        {
            var judgeable = knowledge is null || knowledge.Knows(words, i);
            known[i] = judgeable || (words[i].StandsAlone && knowledge!.Knows(words[i].Hash));
            if (words[i].Kind != WordKind.Number)
            {
                read++;
                judged += judgeable ? 1 : 0;
            }
        }

        return read == 0 ? 1 : (double)judged / read;
    }

    private static void ReadWord<TSink>(scoped in WordList words, int i, scoped ReadOnlySpan<bool> known, scoped Span<uint> seen, scoped ref TSink sink)
        where TSink : IFeatureSink, allows ref struct
    {
        var word = words[i];
        if (known[i])
        {
            Emit(Kind.Word, word.Hash, 0, 1f, i, i, seen, ref sink);
            if (i == 0 || known[i - 1])
            {
                Emit(Kind.Neighbours, i == 0 ? 0 : words[i - 1].Hash, word.Hash, 0.5f, Math.Max(0, i - 1), i, seen, ref sink);
            }

            if (word.StandsAlone && i > 1 && known[i - 1] && known[i - 2])
            {
                Emit(Kind.Triple, WordKnowledge.Pair(words[i - 2].Hash, words[i - 1].Hash), word.Hash, 0.5f, i - 2, i, seen, ref sink);
            }
        }

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

    private static void ReadPairs<TSink>(scoped in WordList words, scoped ReadOnlySpan<int> content, int c, scoped ReadOnlySpan<bool> known, scoped Span<uint> seen, scoped ref TSink sink)
        where TSink : IFeatureSink, allows ref struct
    {
        var lead = content[0];
        var here = content[c];
        for (var reach = 1; reach <= ClassReach && c + reach < content.Length; reach++)
        {
            var other = content[c + reach];
            if (reach <= PairReach && known[here] && known[other])
            {
                Emit(Kind.Pair, words[here].Hash, words[other].Hash, reach == 1 ? 0.5f : 0.25f, here, other, seen, ref sink);
            }

            EmitClasses(Kind.ClassPair, words, here, other, 0.8f, seen, ref sink);
        }

        if (c == 0)
        {
            if (known[lead])
            {
                Emit(Kind.Lead, words[lead].Hash, 0, 0.7f, lead, lead, seen, ref sink);
            }
        }
        else if (c <= LeadReach)
        {
            if (known[lead] && known[here])
            {
                Emit(Kind.LeadPair, words[lead].Hash, words[here].Hash, 0.5f, lead, here, seen, ref sink);
            }

            EmitClasses(Kind.ClassLead, words, lead, here, 0.7f, seen, ref sink);
        }
    }

    /// <summary>Two numbers and more are a calculation, or a shopping list; the other words tell which.</summary>
    private static int ReadNumbers<TSink>(scoped in WordList words, scoped Span<uint> seen, scoped ref TSink sink)
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

        return count;
    }

    /// <summary>The signs of formulas and code, alone and two kinds together; and where words tell little, how much text and how many numbers there are.</summary>
    private static void ReadMarks<TSink>(scoped in WordList words, int numbers, double share, scoped Span<uint> seen, scoped ref TSink sink)
        where TSink : IFeatureSink, allows ref struct
    {
        var marks = words.Marks;
        var last = words.Count - 1;
        for (var kind = 0; kind < TextMarks.Kinds; kind++)
        {
            if (marks[kind] == 0)
            {
                continue;
            }

            Emit(Kind.Mark, (uint)kind, Size(marks[kind]), 0.8f, last, last, seen, ref sink);
            for (var other = kind + 1; other < TextMarks.Kinds; other++)
            {
                if (marks[other] > 0)
                {
                    Emit(Kind.MarkPair, (uint)kind, (uint)other, 0.8f, last, last, seen, ref sink);
                }
            }
        }

        // The fewer words are known, the more the amounts weigh.
        var doubt = share < 0.2 ? 3u : share < 0.45 ? 2u : share < 0.7 ? 1u : 0u;
        if (doubt > 0)
        {
            var value = 0.5f + (0.5f * doubt);
            Emit(Kind.Amount, (doubt << 8) | 1, Size(words.Count / 3), value, last, last, seen, ref sink);
            Emit(Kind.Amount, (doubt << 8) | 2, Size(numbers), value, last, last, seen, ref sink);
            Emit(Kind.Amount, (doubt << 8) | 3, (Size(words.Count / 3) << 8) | Size(numbers), value, last, last, seen, ref sink);
        }
    }

    /// <summary>0, 1, 2, 3 to 4, 5 to 8, 9 and more.</summary>
    private static uint Size(int count) => count <= 2 ? (uint)count : Math.Min(5u, (uint)BitOperations.Log2((uint)count - 1) + 2);

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
