using System.Globalization;
using System.Text;

namespace HybridConversations.Inference.Grammar;

/// <summary>Reads what stands for one character in a regular expression: a class such as <c>[a-z\d]</c>, an escape, or the character itself.</summary>
internal static class RegexClass
{
    /// <summary>Reads a class whose opening bracket has been read, with its closing one.</summary>
    public static CodePointSet Read(string pattern, ref int at, Func<string, ProblemException> refuse)
    {
        var negated = Peek(pattern, at) == '^';
        at += negated ? 1 : 0;
        var ranges = new List<(int, int)>();
        while (Peek(pattern, at) != ']')
        {
            if (at >= pattern.Length)
            {
                throw refuse("a '[' without ']'");
            }

            var first = ReadCharacter(pattern, ref at, refuse);
            if (Peek(pattern, at) != '-' || Peek(pattern, at + 1) is ']' or null)
            {
                ranges.AddRange(first.Ranges);
                continue;
            }

            at++;
            var last = ReadCharacter(pattern, ref at, refuse);
            ranges.Add(Single(first) is { } from && Single(last) is { } to && from <= to ? (from, to) : throw refuse("a range that is out of order"));
        }

        at++;
        var set = new CodePointSet(ranges);
        return negated ? set.Complement() : set;
    }

    public static CodePointSet ReadCharacter(string pattern, ref int at, Func<string, ProblemException> refuse)
    {
        if (pattern[at] == '\\')
        {
            at++;
            return Escape(pattern, ref at, refuse);
        }

        if (!Rune.TryGetRuneAt(pattern, at, out var rune))
        {
            throw refuse("half a surrogate pair");
        }

        at += rune.Utf16SequenceLength;
        return One(rune.Value);
    }

    private static CodePointSet Escape(string pattern, ref int at, Func<string, ProblemException> refuse)
    {
        if (at == pattern.Length)
        {
            throw refuse("a '\\' at its end");
        }

        var c = pattern[at++];
        switch (c)
        {
            case 'd': return CodePointSet.Digits;
            case 'D': return CodePointSet.Digits.Complement();
            case 'w': return CodePointSet.WordCharacters;
            case 'W': return CodePointSet.WordCharacters.Complement();
            case 's': return CodePointSet.WhiteSpace;
            case 'S': return CodePointSet.WhiteSpace.Complement();
            case 'n': return One('\n');
            case 'r': return One('\r');
            case 't': return One('\t');
            case 'f': return One('\f');
            case 'x': return Hex(pattern, ref at, 2, refuse);
            case 'u': return Hex(pattern, ref at, 4, refuse);
            default:
                return char.IsLetterOrDigit(c) || c >= 128 ? throw refuse($"the escape '\\{c}'") : One(c);
        }
    }

    private static CodePointSet Hex(string pattern, ref int at, int digits, Func<string, ProblemException> refuse)
    {
        if (at + digits > pattern.Length || !int.TryParse(pattern.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            throw refuse($"an escape without {digits} hexadecimal digits");
        }

        at += digits;
        return One(value);
    }

    private static CodePointSet One(int value) => new([(value, value)]);

    private static int? Single(CodePointSet set) => set.Ranges is [var (from, to)] && from == to ? from : null;

    private static char? Peek(string pattern, int at) => at < pattern.Length ? pattern[at] : null;
}
