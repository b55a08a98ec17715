using System.Numerics;

namespace HybridConversations.Routing;

/// <summary>
/// Turns words into hashed features ("feature hashing", Weinberger et al. 2009): words, neighbours, pairs of content words, what the request
/// begins with, the beginnings and ends of long words, the same over word classes, which speak for words that were never seen, and the <see cref="TextMarks"/>.
/// No feature knows of capitals or punctuation; of length only where few words are known. The trainer and the router read them with this code.
/// </summary>
internal static class FeatureReader
{
    public const int BucketBits = 19;
    public const int Buckets = 1 << BucketBits;

    private const int PairReach = 3;
    private const int ClassReach = 4;
    private const int LeadReach = 16;
    private const int BeginningLength = 4;
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
        Beginning,
    }

    /// <param name="words">What was said.</param>
    /// <param name="reading">Which features.</param>
    /// <param name="knowledge">The words that were learned from; null for all.</param>
    /// <param name="seen"><see cref="FeatureSet.Scratch"/> zeros.</param>
    /// <param name="sink">Takes the features.</param>
    /// <returns>The share of the words that could be judged, 0 to 1.</returns>
    public static double Read<TSink>(scoped in WordList words, Reading reading, WordKnowledge? knowledge, scoped Span<uint> seen, scoped ref TSink sink)
        where TSink : IFeatureSink, allows ref struct
    {
        Span<bool> counts = stackalloc bool[WordList.MaxWords];
        var share = Judge(words, reading, knowledge, counts);
        Span<int> content = stackalloc int[WordList.MaxWords];
        var contentCount = 0;
        for (var i = 0; i < words.Count; i++)
        {
            ReadWord(words, i, counts, seen, ref sink);
            if (reading == Reading.OtherLanguages)
            {
                ReadPieces(words, i, counts, seen, ref sink);
            }

            if (words[i].Kind != WordKind.Function)
            {
                content[contentCount++] = i;
            }
        }

        for (var c = 0; c < contentCount; c++)
        {
            ReadPairs(words, content[..contentCount], c, counts, seen, ref sink);
        }

        var numbers = ReadNumbers(words, seen, ref sink);
        if (reading != Reading.Words)
        {
            ReadMarks(words, seen, ref sink);
        }

        if (reading == Reading.OtherLanguages)
        {
            ReadAmounts(words, numbers, share, seen, ref sink);
        }

        return share;
    }

    /// <summary>Which words can be judged; of other languages than English only those count by themselves.</summary>
    private static double Judge(scoped in WordList words, Reading reading, WordKnowledge? knowledge, scoped Span<bool> counts)
    {
        var (read, judged) = (0, 0);
        for (var i = 0; i < words.Count; i++)
        {
            var judgeable = knowledge is null || knowledge.CanJudge(words, i);
            counts[i] = judgeable || reading != Reading.OtherLanguages || (words.StandsAlone(i) && knowledge!.Knows(words[i].Hash));
            if (words[i].Kind != WordKind.Number)
            {
                read++;
                judged += judgeable ? 1 : 0;
            }
        }

        return read == 0 || reading == Reading.Words ? 1 : (double)judged / read;
    }

    private static void ReadWord<TSink>(scoped in WordList words, int i, scoped ReadOnlySpan<bool> counts, scoped Span<uint> seen, scoped ref TSink sink)
        where TSink : IFeatureSink, allows ref struct
    {
        var word = words[i];
        if (counts[i])
        {
            Emit(Kind.Word, word.Hash, 0, 1f, i, i, seen, ref sink);
            if (i == 0 || counts[i - 1])
            {
                Emit(Kind.Neighbours, i == 0 ? 0 : words[i - 1].Hash, word.Hash, 0.5f, Math.Max(0, i - 1), i, seen, ref sink);
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

    /// <summary>Characters three in a row where there are no blanks, and shorter beginnings of words: what stands for words in languages that compound and inflect.</summary>
    private static void ReadPieces<TSink>(scoped in WordList words, int i, scoped ReadOnlySpan<bool> counts, scoped Span<uint> seen, scoped ref TSink sink)
        where TSink : IFeatureSink, allows ref struct
    {
        if (words.StandsAlone(i))
        {
            if (i > 1 && counts[i] && counts[i - 1] && counts[i - 2])
            {
                Emit(Kind.Triple, WordKnowledge.Pair(words[i - 2].Hash, words[i - 1].Hash), words[i].Hash, 0.5f, i - 2, i, seen, ref sink);
            }

            return;
        }

        if (words[i].Kind == WordKind.Content && words[i].Length >= BeginningLength)
        {
            Emit(Kind.Beginning, WordList.Hash(words.Text(i)[..BeginningLength]), 0, 0.7f, i, i, seen, ref sink);
        }
    }

    private static void ReadPairs<TSink>(scoped in WordList words, scoped ReadOnlySpan<int> content, int c, scoped ReadOnlySpan<bool> counts, scoped Span<uint> seen, scoped ref TSink sink)
        where TSink : IFeatureSink, allows ref struct
    {
        var lead = content[0];
        var here = content[c];
        for (var reach = 1; reach <= ClassReach && c + reach < content.Length; reach++)
        {
            var other = content[c + reach];
            if (reach <= PairReach && counts[here] && counts[other])
            {
                Emit(Kind.Pair, words[here].Hash, words[other].Hash, reach == 1 ? 0.5f : 0.25f, here, other, seen, ref sink);
            }

            EmitClasses(Kind.ClassPair, words, here, other, 0.8f, seen, ref sink);
        }

        if (c == 0)
        {
            if (counts[lead])
            {
                Emit(Kind.Lead, words[lead].Hash, 0, 0.7f, lead, lead, seen, ref sink);
            }
        }
        else if (c <= LeadReach)
        {
            if (counts[lead] && counts[here])
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

    /// <summary>The signs of formulas and code, alone and two kinds together.</summary>
    private static void ReadMarks<TSink>(scoped in WordList words, scoped Span<uint> seen, scoped ref TSink sink)
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
    }

    /// <summary>Where words tell little, how much text and how many numbers there are: the fewer words are known, the more they weigh.</summary>
    private static void ReadAmounts<TSink>(scoped in WordList words, int numbers, double share, scoped Span<uint> seen, scoped ref TSink sink)
        where TSink : IFeatureSink, allows ref struct
    {
        var doubt = share < 0.2 ? 3u : share < 0.45 ? 2u : share < 0.7 ? 1u : 0u;
        if (doubt > 0)
        {
            var last = words.Count - 1;
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
