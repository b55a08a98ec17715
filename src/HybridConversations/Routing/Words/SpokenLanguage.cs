namespace HybridConversations.Routing;

/// <summary>Guesses which of the languages that are known somebody speaks: by the script, else by the small words that hold sentences together.</summary>
internal static class SpokenLanguage
{
    private const int Read = 512;

    /// <summary>Two letters, as in <c>de</c>; <c>en</c> where nothing speaks for another.</summary>
    public static string Of(ReadOnlySpan<char> text)
    {
        var head = text[..Math.Min(text.Length, Read)];
        return ByScript(head) ?? ByWords(head);
    }

    private static string? ByScript(ReadOnlySpan<char> text)
    {
        string? script = null;
        foreach (var letter in text)
        {
            switch (letter)
            {
                case >= '\u3041' and <= '\u30FF':
                    return "ja";
                case >= '\u4E00' and <= '\u9FFF':
                    script ??= "zh";
                    break;
                case >= '\u0900' and <= '\u097F':
                    script ??= "hi";
                    break;
                case >= '\u0600' and <= '\u06FF':
                    script ??= "ar";
                    break;
                case >= '\u0400' and <= '\u04FF':
                    script ??= "ru";
                    break;
            }
        }

        return script;
    }

    private static string ByWords(ReadOnlySpan<char> text)
    {
        var words = new WordList(stackalloc char[WordList.MaxLetters], stackalloc Word[WordList.MaxWords], plain: true);
        WordReader.ReadUpTo(text, WordList.MaxWords, ref words);
        var (best, most) = ("en", -1);
        foreach (var (language, functions) in FunctionWords.All)
        {
            var lookup = functions.GetAlternateLookup<ReadOnlySpan<char>>();
            var found = 0;
            for (var i = 0; i < words.Count; i++)
            {
                found += lookup.Contains(words.Text(i)) ? 1 : 0;
            }

            if (found > most)
            {
                (best, most) = (language, found);
            }
        }

        return best;
    }
}
