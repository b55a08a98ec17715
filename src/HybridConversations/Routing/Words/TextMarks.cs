using System.Runtime.InteropServices;

namespace HybridConversations.Routing;

/// <summary>
/// What a text shows without any language: signs of formulas and of code. Counted at its beginning and its end, where words are read.
/// Speech has none of them, so that they can only add to what the words say.
/// </summary>
/// <param name="Operators">Signs that calculate or relate: + * / ^ = &lt; √ ∫ …</param>
/// <param name="Calls">A name and a bracket: f(x), Re(…, print(</param>
/// <param name="Variables">Letters that stand alone, and letters with digits: x, n, a1.</param>
/// <param name="Markup">Backslash commands and dollar signs around them: \frac, $x$.</param>
/// <param name="Code">Braces, semicolons, ==, =&gt;, names_with_underscores.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TextMarks(int Operators, int Calls, int Variables, int Markup, int Code)
{
    /// <summary>How many kinds of marks there are.</summary>
    public const int Kinds = 5;

    public int this[int kind] => kind switch { 0 => Operators, 1 => Calls, 2 => Variables, 3 => Markup, _ => Code };

    public static TextMarks operator +(TextMarks one, TextMarks other) => new(
        one.Operators + other.Operators, one.Calls + other.Calls, one.Variables + other.Variables, one.Markup + other.Markup, one.Code + other.Code);

    public static TextMarks Of(ReadOnlySpan<char> text)
    {
        var (operators, calls, variables, markup, code) = (0, 0, 0, 0, 0);
        var (letters, digits) = (0, 0);
        for (var i = 0; i <= text.Length; i++)
        {
            var c = i < text.Length ? text[i] : ' ';
            if (char.IsAsciiLetter(c))
            {
                letters++;
                continue;
            }

            if (char.IsAsciiDigit(c))
            {
                digits++;
                continue;
            }

            if (c >= 0x80 && LetterFold.IsWord(c))
            {
                letters += 2;
                continue;
            }

            variables += IsVariable(text, i - letters - digits, letters, digits, c) ? 1 : 0;
            calls += c == '(' && letters > 0 ? 1 : 0;
            var next = i + 1 < text.Length ? text[i + 1] : ' ';
            operators += c is '+' or '*' or '^' or '=' or '<' or '>' or '≤' or '≥' or '≠' or '√' or '∫' or '∑' or '∏' or '×' or '÷' or '±' or '∞' or '∈' or '∂' or '∀' or '∃' or '→' or '≈' or '≡' or '²' or '³'
                || (c is '/' or '-' or '−' && i > 0 && char.IsAsciiDigit(text[i - 1]) && char.IsAsciiDigit(next)) ? 1 : 0;
            markup += (c == '\\' && char.IsAsciiLetter(next)) || (c == '$' && !char.IsAsciiDigit(next)) ? 1 : 0;
            code += c is '{' or '}' or ';' or '[' or ']' or '|' || (c == '_' && char.IsAsciiLetterOrDigit(next)) || (c == '=' && next is '=' or '>') || (c == '(' && next == ')') ? 1 : 0;
            (letters, digits) = (0, 0);
        }

        return new TextMarks(operators, calls, variables, markup, code);
    }

    /// <summary>One letter alone that is no word of a language ("a", "I", "y", "w"), or a letter or two with a digit or two: x, n, a1, li2.</summary>
    private static bool IsVariable(ReadOnlySpan<char> text, int start, int letters, int digits, char after)
    {
        if (digits > 0)
        {
            return letters is 1 or 2 && digits is 1 or 2 && after is not (':' or '-');
        }

        const string Words = "aeiouywzAEIOUYWZ";
        return letters == 1
            && after is not ('\'' or '’' or '.' or '-' or '#')
            && !Words.Contains(text[start], StringComparison.Ordinal)
            && (start == 0 || text[start - 1] is not ('\'' or '’' or '.' or '-'));
    }
}
