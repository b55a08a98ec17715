using System.Text;
using HybridConversations.Routing;

namespace TrainRouter;

/// <summary>
/// Makes a request one in a language that nobody has taught: every word of it, or a share of them, becomes letters that stand in no example.
/// Numbers, signs, single letters and the amount of text stay. What is learned from such requests is what can be known without the language.
/// </summary>
internal static class Garbler
{
    private const char FirstLetter = '\u0561'; // Armenian
    private const int Letters = 38;

    /// <param name="text">The request.</param>
    /// <param name="share">Of the words, 0 to 1.</param>
    /// <param name="random">Chooses them.</param>
    public static string Garble(string text, double share, Random random) => Garble(text, _ => random.NextDouble() < share, random);

    /// <summary>An English request with every word unreadable that belongs to no class.</summary>
    public static string Skeleton(string text, Random random) => Garble(text, word => WordClasses.Of(LetterFold.Of(word)) == 0, random);

    private static string Garble(string text, Func<string, bool> unreadable, Random random)
    {
        var garbled = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length;)
        {
            var end = i;
            while (end < text.Length && LetterFold.IsWord(text[end]))
            {
                end++;
            }

            if (end == i)
            {
                garbled.Append(text[i++]);
                continue;
            }

            var word = text.AsSpan(i, end - i);
            i = end;
            if (word.Length == 1 || word.IndexOfAnyInRange('0', '9') >= 0 || !unreadable(word.ToString()))
            {
                garbled.Append(word);
                continue;
            }

            // Written without blanks, a word is two characters or so.
            var length = LetterFold.StandsAlone(word[0]) ? Math.Max(1, word.Length / 2) : 1;
            for (var part = 0; part < length; part++)
            {
                var seed = random.Next();
                garbled.Append(part > 0 ? " " : "");
                for (var letter = 0; letter < Math.Clamp(word.Length / length, 2, 12); letter++)
                {
                    garbled.Append((char)(FirstLetter + (int)((uint)(seed = (seed * 1103515245) + 12345) >> 16) % Letters));
                }
            }
        }

        return garbled.ToString();
    }
}
