using System.Text;
using System.Text.RegularExpressions;

namespace HybridConversations.Cloud;

/// <summary>
/// Takes secrets out of what a server says before anyone sees it: the known key, whole or any eight characters of it in a row, and whatever looks
/// like a key or a token. Also bounds the length and takes out control characters, so that a message is one line.
/// </summary>
internal sealed partial class Redactor(params Secret?[] secrets)
{
    /// <summary>A key that is echoed in part is still mostly a key.</summary>
    private const int PartLength = 8;
    private const int MaxCharacters = 400;
    private readonly string[] _keys = [.. secrets.OfType<Secret>().Select(s => s.Reveal())];

    public string Clean(string text)
    {
        // Redact before cutting, or half a key could stay at the end; but never work on more than a screenful.
        var bounded = text.Length > 4 * MaxCharacters + Secret.MaxCharacters ? text[..(4 * MaxCharacters + Secret.MaxCharacters)] : text;
        foreach (var key in _keys)
        {
            bounded = WithoutKey(bounded, key);
        }

        bounded = Tokens().Replace(bounded, "***");
        var line = new StringBuilder(MaxCharacters);
        foreach (var c in bounded)
        {
            line.Append(char.IsControl(c) ? ' ' : c);
        }

        return line.Length <= MaxCharacters ? line.ToString() : line.ToString(0, MaxCharacters) + "…";
    }

    private static string WithoutKey(string text, string key)
    {
        if (key.Length < PartLength)
        {
            return text.Replace(key, "***", StringComparison.Ordinal);
        }

        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            var length = PartAt(text, i, key);
            if (length == 0)
            {
                result.Append(text[i++]);
                continue;
            }

            result.Append("***");
            i += length;
        }

        return result.ToString();
    }

    /// <summary>Length of the longest piece of the key that stands here; 0 when it is shorter than a part.</summary>
    private static int PartAt(string text, int at, string key)
    {
        var most = 0;
        if (text.Length - at < PartLength)
        {
            return 0;
        }

        for (var start = key.IndexOf(text.Substring(at, PartLength), StringComparison.Ordinal); start >= 0;
            start = key.IndexOf(text.Substring(at, PartLength), start + 1, StringComparison.Ordinal))
        {
            var length = PartLength;
            while (at + length < text.Length && start + length < key.Length && text[at + length] == key[start + length])
            {
                length++;
            }

            most = Math.Max(most, length);
        }

        return most;
    }

    // OpenAI's keys, bearer headers, and the JSON web tokens of Entra ID.
    [GeneratedRegex(
        @"sk-[A-Za-z0-9_*.-]{6,}|(?i:bearer)\s+[A-Za-z0-9._~+/=-]{8,}|eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)?",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Tokens();
}
