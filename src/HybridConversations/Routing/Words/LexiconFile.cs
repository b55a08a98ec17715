using System.Reflection;

namespace HybridConversations.Routing;

/// <summary>The lexicon as its files have it: lines of <c>class: word word stem*</c>; <c>function</c> and <c>number</c> are no classes but kinds of words.</summary>
internal sealed class LexiconFile
{
    private const string Prefix = "HybridConversations.Routing.Lexicon.";
    private const string First = Prefix + "en.txt";

    private readonly Dictionary<string, int> _bits = new(StringComparer.Ordinal);

    public Dictionary<string, ulong> Exact { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, ulong> Stems { get; } = new(StringComparer.Ordinal);

    /// <summary>Of scripts without blanks.</summary>
    public Dictionary<string, ulong> Terms { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, HashSet<string>> FunctionsByLanguage { get; } = new(StringComparer.Ordinal);

    public IEnumerable<string> Functions => FunctionsByLanguage.Values.SelectMany(functions => functions);

    public HashSet<string> Numbers { get; } = new(StringComparer.Ordinal);

    /// <exception cref="InvalidDataException">A file names a class that English does not have, or there are too many.</exception>
    public static LexiconFile ReadAll()
    {
        var assembly = Assembly.GetExecutingAssembly();
        var names = assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToArray();
        if (!names.Contains(First))
        {
            throw new InvalidOperationException($"The resource {First} is missing from the assembly.");
        }

        var lexicon = new LexiconFile();
        foreach (var name in names.OrderByDescending(name => name == First))
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
            switch (line[..colon])
            {
                case "function":
                    FunctionsByLanguage[name[Prefix.Length..^".txt".Length]] = new HashSet<string>(words, StringComparer.Ordinal);
                    break;
                case "number":
                    Numbers.UnionWith(words);
                    break;
                default:
                    AddAll(words, 1ul << BitOf(line[..colon], name));
                    break;
            }
        }
    }

    private void AddAll(string[] words, ulong classes)
    {
        foreach (var word in words)
        {
            var known = LetterFold.StandsAlone(word[0]) ? Terms : word[^1] == '*' ? Stems : Exact;
            var key = word.TrimEnd('*');
            known[key] = known.GetValueOrDefault(key) | classes;
        }
    }

    private int BitOf(string label, string name)
    {
        if (_bits.TryGetValue(label, out var bit))
        {
            return bit;
        }

        if (name != First || _bits.Count == 64)
        {
            throw new InvalidDataException($"{name} has the class '{label}'; classes are those of en.txt, at most 64.");
        }

        return _bits[label] = _bits.Count;
    }
}
