using System.Collections.Frozen;
using System.Reflection;

namespace HybridConversations.Routing;

/// <summary>
/// Classes of words that do the same job in a request (programming languages, kinds of document, things of the home): what is learned from
/// "a script in Kotlin" then holds for one in Lua. Read from <c>word-classes.txt</c>, at most 64.
/// </summary>
internal static class WordClasses
{
    private static readonly Dictionary<string, int> Bits = new(StringComparer.Ordinal);

    /// <summary>Every word of a class, with the classes' bits.</summary>
    public static FrozenDictionary<string, ulong> Table { get; } = Load();

    private static readonly FrozenDictionary<string, ulong>.AlternateLookup<ReadOnlySpan<char>> Lookup = Table.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The classes of a word, a bit each; a plural has those of its singular.</summary>
    public static ulong Of(ReadOnlySpan<char> word)
    {
        if (Lookup.TryGetValue(word, out var classes))
        {
            return classes;
        }

        return word.Length > 3 && word[^1] == 's' && Lookup.TryGetValue(word[..^1], out classes) ? classes : 0;
    }

    /// <summary>The bit of a class that <c>word-classes.txt</c> names; −1 for none.</summary>
    public static int BitOf(string label) => Bits.GetValueOrDefault(label, -1);

    private static FrozenDictionary<string, ulong> Load()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("HybridConversations.Routing.word-classes.txt")
            ?? throw new InvalidOperationException("The resource word-classes.txt is missing from the assembly.");
        using var reader = new StreamReader(stream);
        var classes = new Dictionary<string, ulong>(StringComparer.Ordinal);
        var bit = 0;
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            Bits[line[..colon]] = bit;
            foreach (var word in line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                var plain = word.Replace("'", "", StringComparison.Ordinal);
                classes[plain] = classes.GetValueOrDefault(plain) | (1ul << bit);
            }

            bit++;
        }

        return bit <= 64 ? classes.ToFrozenDictionary(StringComparer.Ordinal) : throw new InvalidDataException($"word-classes.txt has {bit} classes; 64 are allowed.");
    }
}
