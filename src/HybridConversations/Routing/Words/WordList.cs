using System.Runtime.CompilerServices;

namespace HybridConversations.Routing;

/// <summary>The words of a turn in buffers of fixed size, on the stack of whoever decides.</summary>
/// <param name="letters">Takes the letters.</param>
/// <param name="words">Takes the words.</param>
/// <param name="plain">Leave the kinds and classes of words out: only what they are is asked.</param>
internal ref struct WordList(Span<char> letters, Span<Word> words, bool plain = false)
{
    /// <summary>Words read from the start of a text: what is asked stands there.</summary>
    public const int HeadWords = 64;

    /// <summary>Words read from its end: or there, after the pasted part.</summary>
    public const int TailWords = 24;

    public const int MaxWords = HeadWords + TailWords;

    /// <summary>Longer words are cut.</summary>
    public const int MaxWordLength = 24;

    public const int MaxLetters = MaxWords * MaxWordLength;

    private static readonly uint NumberHash = Hash("#");

    private readonly Span<char> _letters = letters;
    private readonly Span<Word> _words = words;
    private readonly bool _plain = plain;
    private int _letterCount;

    public readonly bool Plain => _plain;

    public int Count { get; private set; }

    /// <summary>What the text shows without any language.</summary>
    public TextMarks Marks { get; set; }

    public readonly ReadOnlySpan<char> Letters => _letters[.._letterCount];

    public readonly Word this[int index] => _words[index];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ReadOnlySpan<char> Text(int index) => _letters.Slice(_words[index].Start, _words[index].Length);

    /// <summary>Is it a character of a script that puts no blanks between words?</summary>
    public readonly bool StandsAlone(int index) => _words[index].Length == 1 && LetterFold.StandsAlone(_letters[_words[index].Start]);

    /// <summary>Adds a word unless it repeats the one before (a stutter, or the second half of a number).</summary>
    public void Add(scoped ReadOnlySpan<char> letters, WordKind kind)
    {
        var hash = Hash(letters);
        if (Count == _words.Length || (Count > 0 && _words[Count - 1].Hash == hash))
        {
            return;
        }

        letters.CopyTo(_letters[_letterCount..]);
        _words[Count++] = new Word(_letterCount, letters.Length, hash, kind, _plain ? 0 : WordClasses.Of(letters));
        _letterCount += letters.Length;
    }

    /// <summary>Adds one character of a script without blanks; 哈哈 are two of them.</summary>
    public void AddAlone(char letter)
    {
        if (Count == _words.Length)
        {
            return;
        }

        _letters[_letterCount] = letter;
        _words[Count++] = new Word(_letterCount++, 1, Extend(Hash([]), letter), WordKind.Content, 0);
    }

    public void Clear() => (Count, _letterCount, Marks) = (0, 0, default);

    /// <summary>The same words with the kinds and classes that they have in languages other than English.</summary>
    /// <param name="words">Takes them.</param>
    public readonly WordList InOtherLanguages(Span<Word> words)
    {
        var other = new WordList(_letters, words) { _letterCount = _letterCount, Count = Count, Marks = Marks };
        var run = 0;
        for (var i = 0; i < Count; i++)
        {
            var word = _words[i];
            var text = Text(i);
            run = LetterFold.StandsAlone(text[0]) ? run + 1 : 0;
            var classes = run > 0 ? Lexicon.TermEndingIn(_letters.Slice(word.Start + 1 - Math.Min(run, Lexicon.LongestTerm), Math.Min(run, Lexicon.LongestTerm))) : Lexicon.ClassesOf(text);
            if (word.Kind == WordKind.Number || Lexicon.IsNumber(text))
            {
                words[i] = word with { Kind = WordKind.Number, Hash = NumberHash, Classes = 0 };
                continue;
            }

            words[i] = word with { Kind = classes == 0 && (word.Kind == WordKind.Function || Lexicon.IsFunction(text)) ? WordKind.Function : WordKind.Content, Classes = classes };
        }

        return other;
    }

    /// <summary>The hash of a text of which <paramref name="hash"/> is known, and one letter more.</summary>
    public static uint Extend(uint hash, char letter) => (hash ^ letter) * 16777619u;

    /// <summary>32-bit FNV-1a over UTF-16 code units.</summary>
    public static uint Hash(ReadOnlySpan<char> letters)
    {
        var hash = 2166136261u;
        foreach (var letter in letters)
        {
            hash = Extend(hash, letter);
        }

        return hash;
    }
}
