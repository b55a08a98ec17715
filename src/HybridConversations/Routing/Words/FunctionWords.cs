using System.Collections.Frozen;
using System.Reflection;

namespace HybridConversations.Routing;

/// <summary>The words that hold sentences together (the, der, और), by language: two letters, <c>en</c> first. Read from <c>function-words.txt</c>.</summary>
internal static class FunctionWords
{
    public static IReadOnlyList<KeyValuePair<string, FrozenSet<string>>> All { get; } = Load();

    public static IReadOnlyDictionary<string, FrozenSet<string>> ByLanguage { get; } = All.ToFrozenDictionary(StringComparer.Ordinal);

    private static KeyValuePair<string, FrozenSet<string>>[] Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("HybridConversations.Routing.function-words.txt")
            ?? throw new InvalidOperationException("The resource function-words.txt is missing from the assembly.");
        using var reader = new StreamReader(stream);
        var languages = new List<KeyValuePair<string, FrozenSet<string>>>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                var words = LetterFold.Of(line[3..]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
                languages.Add(new(line[..2], words.ToFrozenSet(StringComparer.Ordinal)));
            }
        }

        return [.. languages];
    }
}
