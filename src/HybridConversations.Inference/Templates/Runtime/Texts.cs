using System.Globalization;
using System.Text;

namespace HybridConversations.Inference.Templates.Runtime;

/// <summary>Texts by ECMAScript's rules, which are the oracle's: what is a space, and what letters become.</summary>
internal static class Texts
{
    /// <summary>White space and line ends: Unicode's spaces and U+FEFF, without U+0085.</summary>
    public static bool IsSpace(char character) => character == '\uFEFF' || (character != '\u0085' && char.IsWhiteSpace(character));

    public static bool IsWord(char character) => char.IsAsciiLetterOrDigit(character) || character == '_';

    public static string Trim(string text) => TrimStart(TrimEnd(text));

    public static string TrimStart(string text)
    {
        var from = 0;
        while (from < text.Length && IsSpace(text[from]))
        {
            from++;
        }

        return text[from..];
    }

    public static string TrimEnd(string text)
    {
        var to = text.Length;
        while (to > 0 && IsSpace(text[to - 1]))
        {
            to--;
        }

        return text[..to];
    }

    /// <summary>Capital letters; some become several (ß).</summary>
    public static string Upper(string text)
    {
        if (text.AsSpan().IndexOfAnyExceptInRange('\0', '\x7f') < 0)
        {
            return text.ToUpperInvariant();
        }

        var upper = new StringBuilder(text.Length);
        foreach (var character in text)
        {
            if (CaseMapping.Of(character) is { } special)
            {
                upper.Append(special);
            }
            else
            {
                upper.Append(character);
            }
        }

        return upper.ToString().ToUpperInvariant();
    }

    /// <summary>Small letters; a capital sigma at a word's end becomes ς.</summary>
    public static string Lower(string text)
    {
        if (!text.AsSpan().ContainsAny('Σ', 'İ'))
        {
            return text.ToLowerInvariant();
        }

        var lower = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            lower.Append(text[at] switch
            {
                'İ' => "i̇",
                'Σ' => IsCased(text, at - 1, -1) && !IsCased(text, at + 1, 1) ? "ς" : "σ",
                _ => text[at].ToString(),
            });
        }

        return lower.ToString().ToLowerInvariant();
    }

    /// <summary>The first letter of every word of ASCII becomes capital; the others stay.</summary>
    public static string Title(string text)
    {
        var title = text.ToCharArray();
        for (var at = 0; at < title.Length; at++)
        {
            if (IsWord(title[at]) && (at == 0 || !IsWord(text[at - 1])))
            {
                title[at] = char.ToUpperInvariant(title[at]);
            }
        }

        return new string(title);
    }

    /// <summary>The characters of a text, a surrogate pair as one.</summary>
    public static List<string> Characters(string text, Meter meter)
    {
        meter.Elements(text.Length);
        var characters = new List<string>(text.Length);
        for (var at = 0; at < text.Length; at++)
        {
            var length = char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) ? 2 : 1;
            characters.Add(text.Substring(at, length));
            at += length - 1;
        }

        return characters;
    }

    /// <summary>Is the next letter in this direction, behind marks and signs that do not count, one that has a case?</summary>
    private static bool IsCased(string text, int at, int step)
    {
        while (at >= 0 && at < text.Length && (text[at] is '\'' or '.' or ':' or '^' or '`' or '·' or '’'
            || char.GetUnicodeCategory(text[at]) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.ModifierLetter))
        {
            at += step;
        }

        return at >= 0 && at < text.Length && char.GetUnicodeCategory(text[at]) is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter;
    }
}
