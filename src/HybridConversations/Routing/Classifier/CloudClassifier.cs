namespace HybridConversations.Routing;

/// <summary>
/// Does a turn, taken alone, need the cloud? English is judged by weights of its own, everything else by weights that were taught twelve languages and what
/// can be known without any. Whose words are known more decides which.
/// </summary>
internal sealed class CloudClassifier(LinearClassifier english, LinearClassifier others)
{
    /// <summary>Less of the words known is no English.</summary>
    private const double LeastEnglish = 0.5;

    public LinearClassifier English { get; } = english;

    public LinearClassifier Others { get; } = others;

    /// <summary>What the words say; probability 0 without words.</summary>
    public Judgement Judge(scoped in WordList words)
    {
        if (words.Count == 0)
        {
            return new Judgement(0, 1);
        }

        var other = words.InOtherLanguages(stackalloc Word[WordList.MaxWords]);
        return IsEnglish(words, other) ? English.Judge(words) : Others.Judge(other);
    }

    /// <summary>Adds to each word what it gave to the log-odds; a pair's part is shared by its two words.</summary>
    /// <returns>The log-odds before any word is read.</returns>
    public double Attribute(scoped in WordList words, Span<double> contributions)
    {
        var other = words.InOtherLanguages(stackalloc Word[WordList.MaxWords]);
        return IsEnglish(words, other) ? English.Attribute(words, contributions) : Others.Attribute(other, contributions);
    }

    private bool IsEnglish(scoped in WordList words, scoped in WordList other) =>
        English.Knowledge.ShareOf(words) is >= LeastEnglish and var english && english >= Others.Knowledge.ShareOf(other);
}
