using System.Reflection;

namespace HybridConversations.Routing;

/// <summary>The lexicon as its files have it: lines of <c>class: word word stem*</c>; <c>number</c> is no class but a kind of words.</summary>
internal sealed class LexiconFile
{
    private const string Prefix = "HybridConversations.Routing.Lexicon.";

    public Dictionary<string, ulong> Exact { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, ulong> Stems { get; } = new(StringComparer.Ordinal);

    /// <summary>Of scripts without blanks.</summary>
    public Dictionary<string, ulong> Terms { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Numbers { get; } = new(StringComparer.Ordinal);

    /// <exception cref="InvalidDataException">A file names a class that word-classes.txt does not have.</exception>
    public static LexiconFile ReadAll()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var lexicon = new LexiconFile();
        foreach (var name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            lexicon.Read(name, reader);
        }

        return lexicon;
    }

    private void Read(string name, TextReader reader)
    {
        while (reader.ReadLine() is { } line)
        {
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var words = LetterFold.Of(line[(colon + 1)..].Replace("'", "", StringComparison.Ordinal).Replace("ß", "ss", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (line[..colon] == "number")
            {
                Numbers.UnionWith(words);
                continue;
            }

            var bit = WordClasses.BitOf(line[..colon]);
            if (bit < 0)
            {
                throw new InvalidDataException($"{name} has the class '{line[..colon]}'; classes are those of word-classes.txt.");
            }

            foreach (var word in words)
            {
                var known = LetterFold.StandsAlone(word[0]) ? Terms : word[^1] == '*' ? Stems : Exact;
                var key = word.TrimEnd('*');
                known[key] = known.GetValueOrDefault(key) | (1ul << bit);
            }
        }
    }
}
