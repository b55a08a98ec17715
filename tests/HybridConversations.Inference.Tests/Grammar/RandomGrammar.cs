using System.Text;

namespace HybridConversations.Inference.Tests.Grammar;

/// <summary>Writes random grammars: small alphabets and many ways to read the same text, where readers go wrong or slow.</summary>
internal static class RandomGrammar
{
    private static readonly string[] Terminals = ["\"a\"", "\"b\"", "\"ab\"", "\"\"", "[ab]", "[^a]", "[a-c]", "\"é\"", "[à-ü日]", "."];

    public static string Write(Random random, int maxCount = 3)
    {
        var rules = random.Next(1, 6);
        var text = new StringBuilder();
        for (var rule = 0; rule < rules; rule++)
        {
            text.Append(Name(rule)).Append(" ::= ").Append(Choice(random, rules, 3, maxCount)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>A text of at most so many characters of the grammars' alphabet.</summary>
    public static string Text(Random random, int most) =>
        string.Concat(Enumerable.Range(0, random.Next(most + 1)).Select(_ => "aaabbcé日"[random.Next(8)].ToString()));

    private static string Name(int rule) => rule == 0 ? "root" : $"r{rule}";

    private static string Choice(Random random, int rules, int depth, int maxCount) =>
        string.Join(" | ", Enumerable.Range(0, random.Next(1, 4)).Select(_ => Sequence(random, rules, depth, maxCount)));

    private static string Sequence(Random random, int rules, int depth, int maxCount) =>
        string.Join(' ', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Item(random, rules, depth, maxCount) + Count(random, maxCount)));

    private static string Item(Random random, int rules, int depth, int maxCount) => random.Next(10) switch
    {
        < 3 when rules > 1 => Name(random.Next(rules)),
        < 6 when depth > 0 => $"({Choice(random, rules, depth - 1, maxCount)})",
        _ => Terminals[random.Next(Terminals.Length)],
    };

    private static string Count(Random random, int maxCount) => random.Next(12) switch
    {
        0 => "?",
        1 => "*",
        2 => "+",
        3 => $"{{{random.Next(1, maxCount + 1)}}}",
        4 => $"{{{random.Next(maxCount)},{maxCount}}}",
        5 => $"{{{random.Next(maxCount)},}}",
        _ => "",
    };
}
