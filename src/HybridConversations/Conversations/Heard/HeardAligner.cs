using System.Buffers;

namespace HybridConversations.Conversations;

/// <summary>
/// Finds how much of a reply a listener heard. What speech synthesis reports is seldom letter by letter what the model wrote
/// ("It costs $3." is spoken as "it costs three dollars"), so words are compared, without case and punctuation, and a few may differ.
/// </summary>
internal static class HeardAligner
{
    // The alignment takes the product of both lengths; a listener who barges in has heard less than this beyond the first difference.
    private const int MaxWords = 1000;

    private static readonly SearchValues<char> WideMarks = SearchValues.Create("。、，．！？：；」』）】》〉〕…");
    private static readonly SearchValues<char> WhiteSpace = SearchValues.Create(" \t\r\n\u00A0\u2028\u2029\u3000");

    /// <summary>
    /// The part of <paramref name="delivered"/>, from its start, that <paramref name="heard"/> covers. A literal prefix is taken as it is. Else the result ends on
    /// a word: the one up to which the words of both differ least (edit distance; of equals the shorter, since what nobody heard must not stay).
    /// Where no word agrees at all, as many words as were heard.
    /// </summary>
    public static string Align(string delivered, string heard)
    {
        if (delivered.StartsWith(heard, StringComparison.Ordinal))
        {
            return heard;
        }

        var said = SpokenWord.Split(delivered);
        var caught = SpokenWord.Split(heard);
        if (caught.Count == 0)
        {
            return "";
        }

        var kept = 0;
        while (kept < Math.Min(said.Count, caught.Count) && said[kept].Key == caught[kept].Key)
        {
            kept++;
        }

        if (kept < caught.Count)
        {
            kept += NearestPrefix(said, caught, kept);
        }

        return Cut(delivered, said, kept > 0 ? kept : Math.Min(said.Count, caught.Count));
    }

    /// <summary>Number of words of <paramref name="said"/>, from <paramref name="from"/>, that are nearest to the words of <paramref name="caught"/> from there.</summary>
    private static int NearestPrefix(List<SpokenWord> said, List<SpokenWord> caught, int from)
    {
        var rows = Math.Min(caught.Count - from, MaxWords);
        var columns = Math.Min(said.Count - from, rows * 2);
        var distance = new int[columns + 1];
        for (var column = 0; column <= columns; column++)
        {
            distance[column] = column;
        }

        for (var row = 1; row <= rows; row++)
        {
            var diagonal = distance[0];
            distance[0] = row;
            for (var column = 1; column <= columns; column++)
            {
                var replace = diagonal + (said[from + column - 1].Key == caught[from + row - 1].Key ? 0 : 1);
                diagonal = distance[column];
                distance[column] = Math.Min(replace, Math.Min(distance[column], distance[column - 1]) + 1);
            }
        }

        return Array.IndexOf(distance, distance.Min());
    }

    /// <summary>Up to the end of a word, with the punctuation that closes it.</summary>
    private static string Cut(string delivered, List<SpokenWord> said, int words)
    {
        if (words == said.Count)
        {
            return delivered;
        }

        var end = said[words - 1].End;
        var between = delivered.AsSpan(end, said[words].Start - end);
        var space = between.IndexOfAny(WhiteSpace);
        return delivered[..(end + (space >= 0 ? space : WideClosers(between)))];
    }

    /// <summary>Length of the full-width punctuation that closes a word; such scripts put no space behind it.</summary>
    private static int WideClosers(ReadOnlySpan<char> text)
    {
        var length = text.IndexOfAnyExcept(WideMarks);
        return length < 0 ? text.Length : length;
    }
}
