using System.Runtime.InteropServices;

namespace HybridConversations.Routing;

/// <summary>Why the classifier scores a text as it does.</summary>
/// <param name="Score">Probability, 0 to 1, that it needs the cloud.</param>
/// <param name="Known">Share of the words that the classifier could judge, 0 to 1; the fewer, the more the score is what is known of requests in general.</param>
/// <param name="Base">Log-odds before any word is read.</param>
/// <param name="Words">The words as they were read, the strongest first; their weights and <paramref name="Base"/> add up to the log-odds of the score.</param>
public sealed record RouteExplanation(double Score, double Known, double Base, IReadOnlyList<WordWeight> Words)
{
    internal static RouteExplanation Of(string text, CloudClassifier classifier)
    {
        var words = new WordList(new char[WordList.MaxLetters], new Word[WordList.MaxWords]);
        WordReader.Read(text, ref words);
        Span<double> contributions = stackalloc double[words.Count];
        var offset = classifier.Attribute(words, contributions);
        var weights = new WordWeight[words.Count];
        for (var i = 0; i < weights.Length; i++)
        {
            weights[i] = new WordWeight(words.Text(i).ToString(), contributions[i]);
        }

        var judgement = classifier.Judge(words);
        return new RouteExplanation(
            judgement.Probability,
            judgement.Known,
            offset,
            [.. weights.OrderByDescending(w => Math.Abs(w.Weight)).ThenBy(w => w.Word, StringComparer.Ordinal)]);
    }
}

/// <param name="Word">A word as the classifier read it: lower case, numbers as <c>#</c>.</param>
/// <param name="Weight">What it gave to the log-odds, alone and together with its neighbours; above 0 speaks for the cloud.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct WordWeight(string Word, double Weight);
