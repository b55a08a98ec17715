namespace HybridConversations.Inference.Grammar;

/// <summary>
/// Bounds of a grammar that a stranger may send, checked before llama.cpp reads it: its parser recurses for each bracket and writes repetitions out in full, so a short text
/// could otherwise exhaust the stack or the memory.
/// </summary>
internal static class GbnfLimits
{
    private const int MaxDepth = 64;
    private const int MaxElements = 50_000;
    private const int MaxRepetition = 2000;

    /// <exception cref="ProblemException"><c>invalid-request</c>, saying what is too much and what is allowed.</exception>
    public static void Check(string gbnf)
    {
        if (gbnf.Length > Limits.MaxGrammarCharacters)
        {
            throw Refuse($"has {gbnf.Length} characters; at most {Limits.MaxGrammarCharacters} are allowed");
        }

        if (string.IsNullOrWhiteSpace(gbnf))
        {
            throw Refuse("is empty");
        }

        if (gbnf.Contains('\0'))
        {
            throw Refuse("contains a NUL character");
        }

        // Elements of each open group, and of its last element, with repetitions written out.
        var groups = new Stack<(long Sum, long Last)>();
        (long Sum, long Last) open = (0, 0);
        var total = 0L;
        for (var i = 0; i < gbnf.Length; i++)
        {
            switch (gbnf[i])
            {
                case '#':
                    i = SkipTo(gbnf, i, '\n');
                    break;
                case '"':
                    var end = SkipQuoted(gbnf, i, '"');
                    open = Add(open, end - i);
                    i = end;
                    break;
                case '[':
                    i = SkipQuoted(gbnf, i, ']');
                    open = Add(open, 1);
                    break;
                case '(':
                    groups.Push(open);
                    open = (0, 0);
                    if (groups.Count > MaxDepth)
                    {
                        throw Refuse($"nests more than {MaxDepth} brackets");
                    }

                    break;
                case ')' when groups.Count > 0:
                    var size = Math.Max(1, open.Sum);
                    open = Add(groups.Pop(), size);
                    break;
                case '{':
                    var close = gbnf.IndexOf('}', i);
                    var count = Repetition(gbnf, i, close < 0 ? gbnf.Length : close);
                    open = (open.Sum + (open.Last * (count - 1)), open.Last * count);
                    i = close < 0 ? gbnf.Length : close;
                    break;
                case ':' when groups.Count == 0:
                    total += open.Sum;
                    open = (0, 0);
                    break;
                case var c when !char.IsWhiteSpace(c) && (i == 0 || !IsName(gbnf[i - 1]) || !IsName(c)):
                    open = Add(open, 1);
                    break;
            }

            if (total + open.Sum + groups.Sum(g => g.Sum) > MaxElements)
            {
                throw Refuse($"has more than {MaxElements} elements when its repetitions are written out");
            }
        }
    }

    private static (long Sum, long Last) Add((long Sum, long Last) group, long elements) => (group.Sum + elements, elements);

    private static long Repetition(string gbnf, int open, int close)
    {
        var most = 1L;
        foreach (var part in gbnf[(open + 1)..close].Split(','))
        {
            if (long.TryParse(part.Trim(), out var count))
            {
                most = Math.Max(most, count);
            }
        }

        return most <= MaxRepetition ? most : throw Refuse($"repeats something {most} times; at most {MaxRepetition} are allowed");
    }

    private static bool IsName(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '_';

    private static int SkipTo(string text, int from, char end) => text.IndexOf(end, from) is var at && at < 0 ? text.Length : at;

    private static int SkipQuoted(string text, int from, char end)
    {
        var i = from + 1;
        while (i < text.Length && text[i] != end)
        {
            i += text[i] == '\\' ? 2 : 1;
        }

        return i;
    }

    private static ProblemException Refuse(string what) => new(ProblemCodes.InvalidRequest($"The grammar {what}."));
}
