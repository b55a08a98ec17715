using System.Globalization;
using System.Text;

namespace HybridConversations.Conversations;

/// <summary>A word of a text, comparable without case and punctuation. Scripts without spaces give one word a character.</summary>
/// <param name="Start">Index of its first character.</param>
/// <param name="End">Index behind its last.</param>
/// <param name="Key">Its letters and digits, folded.</param>
internal readonly record struct SpokenWord(int Start, int End, string Key)
{
    public static List<SpokenWord> Split(string text)
    {
        var words = new List<SpokenWord>();
        var key = new StringBuilder();
        var start = 0;
        var end = 0;
        for (var i = 0; i < text.Length;)
        {
            Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var length);
            if (IsPartOfWord(rune))
            {
                if (key.Length > 0 && IsWordByItself(rune))
                {
                    Close();
                }

                start = key.Length == 0 ? i : start;
                key.Append(Rune.ToUpperInvariant(rune).ToString());
                end = i + length;
                if (IsWordByItself(rune))
                {
                    Close();
                }
            }
            else if (key.Length > 0 && rune.Value is not ('\'' or '’'))
            {
                Close();
            }

            i += length;
        }

        if (key.Length > 0)
        {
            Close();
        }

        return words;

        void Close()
        {
            words.Add(new SpokenWord(start, end, key.ToString()));
            key.Clear();
        }
    }

    private static bool IsPartOfWord(Rune rune) =>
        Rune.IsLetterOrDigit(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    // Thai, Lao; kana, Han and their extensions.
    private static bool IsWordByItself(Rune rune) =>
        Rune.IsLetter(rune) && rune.Value is (>= 0x0E00 and <= 0x0EFF) or (>= 0x3040 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x20000 and <= 0x3FFFF);
}
