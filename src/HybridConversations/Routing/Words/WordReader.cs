namespace HybridConversations.Routing;

/// <summary>
/// Reads a turn as a recogniser would have heard it: lower case, no punctuation, no "um", every number alike. What was typed and what was
/// spoken look the same afterwards, so that nothing can be learned from capitals, commas or code fences; what signs tell of formulas and code is kept apart (<see cref="TextMarks"/>). A character of a script without blanks is a word of its own.
/// Time and space are bounded: at most <see cref="WordList.HeadWords"/> words from the start and <see cref="WordList.TailWords"/> from the end.
/// </summary>
internal static class WordReader
{
    private const int HeadCharacters = 4096;
    private const int TailCharacters = 512;
    private const int MarkCharacters = 1024;

    public static void Read(ReadOnlySpan<char> text, ref WordList words)
    {
        var head = text[..Math.Min(text.Length, HeadCharacters)];
        var read = ReadUpTo(head, WordList.HeadWords, ref words);
        var tail = TailOf(text[read..]);
        ReadUpTo(tail, WordList.MaxWords, ref words);
        words.Marks = TextMarks.Of(text[..Math.Min(read, MarkCharacters)]) + TextMarks.Of(tail);
    }

    /// <summary>The last words of a text, from a word's beginning.</summary>
    private static ReadOnlySpan<char> TailOf(ReadOnlySpan<char> text)
    {
        var start = text.Length;
        var stop = Math.Max(0, text.Length - TailCharacters);
        var count = 0;
        while (start > stop && count < WordList.TailWords)
        {
            while (start > stop && !LetterFold.IsWord(text[start - 1]))
            {
                start--;
            }

            if (start > stop && LetterFold.StandsAlone(text[start - 1]))
            {
                start--;
                count++;
                continue;
            }

            while (start > stop && LetterFold.IsWord(text[start - 1]) && !LetterFold.StandsAlone(text[start - 1]))
            {
                start--;
            }

            count++;
        }

        return text[start..];
    }

    /// <summary>Reads until the list holds <paramref name="limit"/> words; returns the characters consumed.</summary>
    public static int ReadUpTo(ReadOnlySpan<char> text, int limit, ref WordList words)
    {
        Span<char> letters = stackalloc char[WordList.MaxWordLength];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var character = text[i];
            if (LetterFold.IsWord(character))
            {
                var folded = LetterFold.Of(character);
                if (LetterFold.StandsAlone(character))
                {
                    Take(letters[..length], ref words);
                    length = 0;
                    if (words.Count >= limit)
                    {
                        return i;
                    }

                    words.AddAlone(folded);
                    if (words.Count >= limit)
                    {
                        return i + 1;
                    }
                }
                else if (folded != '\0' && length < letters.Length)
                {
                    letters[length++] = folded;
                    if (character == 'ß' && length < letters.Length)
                    {
                        letters[length++] = 's';
                    }
                }

                continue;
            }

            // "what's" is heard as one word, and recognisers write "whats" as often.
            if (character is '\'' or '’' && length > 0)
            {
                continue;
            }

            Take(letters[..length], ref words);
            length = 0;
            if (Spoken(character, i > 0 ? text[i - 1] : ' ') is { } spoken)
            {
                words.Add(spoken, WordVocabulary.KindOf(spoken));
            }

            if (words.Count >= limit)
            {
                return i;
            }
        }

        Take(letters[..length], ref words);
        return text.Length;
    }

    private static void Take(scoped ReadOnlySpan<char> letters, ref WordList words)
    {
        if (letters.IsEmpty || WordVocabulary.IsFiller(letters))
        {
            return;
        }

        // The article is written on its noun.
        if (letters.Length > 4 && letters[0] == 'ا' && letters[1] == 'ل')
        {
            letters = letters[2..];
        }

        if (WordVocabulary.IsNumber(letters))
        {
            words.Add("#", WordKind.Number);
            return;
        }

        words.Add(letters, words.Plain ? WordKind.Content : WordVocabulary.KindOf(letters));
    }

    /// <summary>How a sign is said, where it carries content: the typed "18%" and "C#" must equal the spoken ones.</summary>
    private static string? Spoken(char sign, char before) => sign switch
    {
        '%' => "percent",
        '=' => "equals",
        '$' => "dollars",
        '€' => "euros",
        '£' => "pounds",
        '+' => "plus",
        '#' when char.IsLetter(before) => "sharp",
        '^' => "power",
        _ => null,
    };
}
