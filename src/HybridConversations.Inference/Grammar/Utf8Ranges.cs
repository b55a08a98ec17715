namespace HybridConversations.Inference.Grammar;

/// <summary>
/// Sets of code points as sequences of byte ranges, as in RE2 and Rust's <c>utf8-ranges</c>: a text in UTF-8 is in the set when its bytes lie in one of the sequences.
/// </summary>
internal static class Utf8Ranges
{
    // Where the length of an encoding changes, and the surrogates, which have none.
    private static readonly (int From, int To)[] Encodable = [(0, 0x7F), (0x80, 0x7FF), (0x800, 0xD7FF), (0xE000, 0xFFFF), (0x10000, CodePointSet.Last)];

    /// <summary>
    /// The sequences of a set, in order of code points, each of 1 to 4 ranges. Sequences that begin with overlapping ranges begin with the same range, so a reader can go byte by byte.
    /// </summary>
    public static List<(byte From, byte To)[]> Of(CodePointSet set)
    {
        var sequences = new List<(byte, byte)[]>();
        Span<byte> first = stackalloc byte[4];
        Span<byte> last = stackalloc byte[4];
        foreach (var (from, to) in set.Ranges)
        {
            foreach (var part in Encodable)
            {
                var (low, high) = (Math.Max(from, part.From), Math.Min(to, part.To));
                if (low <= high)
                {
                    var length = new System.Text.Rune(low).EncodeToUtf8(first);
                    new System.Text.Rune(high).EncodeToUtf8(last);
                    Split(first[..length], last[..length], [], sequences);
                }
            }
        }

        return sequences;
    }

    // From one encoding to another of the same length: what shares the first bytes, then whole ranges, then what shares the last ones.
    private static void Split(ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, (byte, byte)[] head, List<(byte, byte)[]> sequences)
    {
        var free = from.Length - 1;
        if (free == 0)
        {
            sequences.Add([.. head, (from[0], to[0])]);
            return;
        }

        if (from[0] == to[0])
        {
            Split(from[1..], to[1..], [.. head, (from[0], from[0])], sequences);
            return;
        }

        Span<byte> lowest = stackalloc byte[free];
        Span<byte> highest = stackalloc byte[free];
        lowest.Fill(0x80);
        highest.Fill(0xBF);
        var (low, high) = (from[0], to[0]);
        if (!from[1..].SequenceEqual(lowest))
        {
            Split(from[1..], highest, [.. head, (low, low)], sequences);
            low++;
        }

        var partial = !to[1..].SequenceEqual(highest);
        high -= partial ? (byte)1 : (byte)0;
        if (low <= high)
        {
            sequences.Add([.. head, (low, high), .. Enumerable.Repeat(((byte)0x80, (byte)0xBF), free)]);
        }

        if (partial)
        {
            Split(lowest, to[1..], [.. head, (to[0], to[0])], sequences);
        }
    }
}
