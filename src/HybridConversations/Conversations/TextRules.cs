using System.Globalization;

namespace HybridConversations.Conversations;

/// <summary>What text and ids from outside must be like.</summary>
internal static class TextRules
{
    /// <summary>Errors of a text: too long, half of a surrogate pair, or a NUL character (which ends a text in C).</summary>
    public static IEnumerable<string> Check(string name, string text, int maxCharacters)
    {
        if (text.Length > maxCharacters)
        {
            yield return $"{name} has {text.Length:N0} characters; at most {maxCharacters:N0} are allowed.";
            yield break;
        }

        if (LoneSurrogate(text) is >= 0 and var index)
        {
            yield return $"{name} is not valid Unicode: half of a surrogate pair stands alone at character {index}. Send whole characters.";
        }

        if (text.Contains('\0'))
        {
            yield return $"{name} contains a NUL character. Leave it out.";
        }
    }

    /// <summary>Errors of an id: 1 to 128 printable characters (so that it fits a path and a log line), no space at its ends; in a path also no '/' (nor its escape, which servers take for it), and not "." or "..".</summary>
    public static IEnumerable<string> CheckId(string name, string? id, bool inPath = true)
    {
        if (string.IsNullOrEmpty(id))
        {
            yield return $"{name} is missing.";
        }
        else if (id.Length > Limits.MaxIdCharacters)
        {
            yield return $"{name} has {id.Length:N0} characters; at most {Limits.MaxIdCharacters} are allowed.";
        }
        else if (!id.All(IsPrintable) || LoneSurrogate(id) >= 0 || id[0] == ' ' || id[^1] == ' ' || (inPath && (id is "." or ".." || id.Contains('/') || id.Contains("%2F", StringComparison.OrdinalIgnoreCase))))
        {
            yield return $"{name} may hold printable characters only, without a space at its start or end{(inPath ? ", without '/', and may not be \".\" or \"..\"" : "")}.";
        }
    }

    /// <summary>Index of the first half of a surrogate pair without the other; −1 when there is none.</summary>
    public static int LoneSurrogate(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var at = text[i..].IndexOfAnyInRange('\uD800', '\uDFFF');
            if (at < 0)
            {
                return -1;
            }

            i += at;
            if (!char.IsHighSurrogate(text[i]) || i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]))
            {
                return i;
            }

            i++;
        }

        return -1;
    }

    // Format characters (zero width, direction marks) would make two ids look the same.
    private static bool IsPrintable(char c) => c == ' ' || char.GetUnicodeCategory(c) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.SpaceSeparator or
        UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned);
}
