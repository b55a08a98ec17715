namespace HybridConversations.Routing;

/// <summary>
/// A pattern over words in a row: places separated by blanks, <c>|</c> between alternatives, <c>?</c> at the end of a place that may be missing.
/// <c>use|ask the|your big|bigger? model</c>. A <c>*</c> is any word, and at the end of a word any ending; <c>_</c> joins the words of one alternative
/// (<c>per_te</c>); <c>..3</c> lets up to three words stand between. An alternative in a script without blanks is as many words as it has characters.
/// </summary>
internal sealed class WordPattern
{
    private readonly Place[] _places;

    public WordPattern(string pattern) => _places = [.. pattern.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Place.Of)];

    /// <summary>The words that it may begin with, as <see cref="Place"/> has them; null when that may be any.</summary>
    public IEnumerable<string>? Beginnings
    {
        get
        {
            var beginnings = new List<string>();
            foreach (var place in _places)
            {
                if (place.Gap > 0 || place.Alternatives.Any(alternative => alternative[0] == "*"))
                {
                    return null;
                }

                beginnings.AddRange(place.Alternatives.Select(alternative => alternative[0]));
                if (!place.Optional)
                {
                    return beginnings;
                }
            }

            return null;
        }
    }

    /// <summary>The index after the last word matched from <paramref name="start"/>; −1 when it does not match.</summary>
    public int Match(scoped in WordList words, int start) => Match(words, start, 0);

    private int Match(scoped in WordList words, int at, int index)
    {
        if (index == _places.Length)
        {
            return at;
        }

        var place = _places[index];
        if (place.Gap > 0)
        {
            for (var passed = 0; passed <= place.Gap && at + passed <= words.Count; passed++)
            {
                if (Match(words, at + passed, index + 1) is >= 0 and var behind)
                {
                    return behind;
                }
            }

            return -1;
        }

        foreach (var alternative in place.Alternatives)
        {
            if (Covers(alternative, words, at) && Match(words, at + alternative.Length, index + 1) is >= 0 and var end)
            {
                return end;
            }
        }

        return place.Optional ? Match(words, at, index + 1) : -1;
    }

    private static bool Covers(string[] alternative, scoped in WordList words, int at)
    {
        if (at + alternative.Length > words.Count)
        {
            return false;
        }

        for (var i = 0; i < alternative.Length; i++)
        {
            var token = alternative[i];
            if (token[^1] == '*' ? !words.Text(at + i).StartsWith(token.AsSpan(..^1)) : !words.Text(at + i).SequenceEqual(token))
            {
                return false;
            }
        }

        return true;
    }

    /// <param name="Alternatives">Each a row of words as <see cref="WordReader"/> reads them, a star behind those of any ending.</param>
    /// <param name="Optional">May it be missing?</param>
    /// <param name="Gap">Any words, up to so many; 0 for a place of words.</param>
    private readonly record struct Place(string[][] Alternatives, bool Optional, int Gap)
    {
        public static Place Of(string text)
        {
            if (text.StartsWith("..", StringComparison.Ordinal))
            {
                return new Place([], true, int.Parse(text.AsSpan(2), System.Globalization.CultureInfo.InvariantCulture));
            }

            var optional = text.EndsWith('?');
            return new Place([.. text.TrimEnd('?').Split('|').Select(Words).Where(words => words.Length > 0)], optional, 0);
        }

        private static string[] Words(string alternative)
        {
            if (alternative == "*")
            {
                return ["*"];
            }

            var any = alternative.EndsWith('*');
            var words = new WordList(new char[WordList.MaxLetters], new Word[WordList.MaxWords], plain: true);
            WordReader.ReadUpTo(alternative.TrimEnd('*').Replace('_', ' '), WordList.MaxWords, ref words);
            var read = new string[words.Count];
            for (var i = 0; i < read.Length; i++)
            {
                read[i] = words.Text(i).ToString() + (any && i == read.Length - 1 ? "*" : "");
            }

            return read;
        }
    }
}
