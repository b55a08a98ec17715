namespace TrainRouter;

/// <summary>Sentence patterns with slots (<c>data/templates.txt</c>), expanded by a seed, and whole sentences (<c>data/languages</c>): those without a slot.</summary>
internal sealed class TemplateFile
{
    private readonly Dictionary<string, List<string>> _slots = new(StringComparer.Ordinal);
    private readonly List<(bool Positive, string Source, string Pattern)> _patterns = [];

    /// <param name="path">The file.</param>
    /// <param name="language">Of its sentences, two letters; null for English.</param>
    public static TemplateFile Read(string path, string? language = null)
    {
        var file = new TemplateFile { Language = language ?? "en" };
        var (cloud, source) = (false, "");
        foreach (var line in File.ReadLines(path))
        {
            if (line.StartsWith("[slot] ", StringComparison.Ordinal))
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                file._slots[line[7..colon]] = Alternatives(line[(colon + 1)..]);
            }
            else if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                var words = line.Split(' ');
                (cloud, source) = (words[1] == "cloud", $"own/{words[2]}/{words[3]}" + (language is null ? "" : "/" + language));
            }
            else if (line.Length > 0 && line[0] != '#')
            {
                file._patterns.Add((cloud, source, line));
            }
        }

        return file;
    }

    /// <summary>Two letters.</summary>
    public string Language { get; private init; } = "en";

    /// <summary>The values of a slot; none where the file has no such slot.</summary>
    public IReadOnlyList<string> Slot(string name) => _slots.GetValueOrDefault(name) ?? [];

    /// <summary>The lines as they stand.</summary>
    public IEnumerable<Example> Sentences => _patterns.Select(p => new Example(p.Pattern, p.Positive, p.Source));

    /// <summary>The lines without a slot.</summary>
    public IEnumerable<Example> Whole => Sentences.Where(example => !example.Text.Contains('{', StringComparison.Ordinal));

    /// <summary>Up to <paramref name="each"/> different sentences of every line with a slot.</summary>
    public List<Example> ExpandSlots(int each, int seed)
    {
        var slots = new TemplateFile();
        foreach (var (name, values) in _slots)
        {
            slots._slots[name] = values;
        }

        slots._patterns.AddRange(_patterns.Where(p => p.Pattern.Contains('{', StringComparison.Ordinal)).Select(p => p with { Source = p.Source.Replace("own/", "own/t-", StringComparison.Ordinal) }));
        return slots.Expand(each, seed);
    }

    /// <summary>Up to <paramref name="each"/> different sentences of every pattern.</summary>
    public List<Example> Expand(int each, int seed)
    {
        var random = new Random(seed);
        var examples = new List<Example>();
        foreach (var (cloud, source, pattern) in _patterns)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            for (var attempt = 0; attempt < each * 3 && seen.Count < each; attempt++)
            {
                var text = string.Join(' ', Fill(pattern, random).Split(' ', StringSplitOptions.RemoveEmptyEntries));
                if (seen.Add(text))
                {
                    examples.Add(new Example(text, cloud, source));
                }
            }
        }

        return examples;
    }

    private string Fill(string pattern, Random random)
    {
        var open = pattern.IndexOf('{', StringComparison.Ordinal);
        if (open < 0)
        {
            return pattern;
        }

        var close = open + 1;
        for (var depth = 1; depth > 0; close++)
        {
            depth += pattern[close] == '{' ? 1 : pattern[close] == '}' ? -1 : 0;
        }

        var inside = pattern[(open + 1)..(close - 1)];
        var choices = _slots.TryGetValue(inside, out var values) ? values : Alternatives(inside);
        var choice = choices[random.Next(choices.Count)];
        return pattern[..open] + Fill(_slots.ContainsKey(choice) ? "{" + choice + "}" : choice, random) + Fill(pattern[close..], random);
    }

    /// <summary>What stands between the bars that are in no braces.</summary>
    private static List<string> Alternatives(string text)
    {
        var (alternatives, depth, start) = (new List<string>(), 0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
            if (text[i] == '|' && depth == 0)
            {
                alternatives.Add(text[start..i].Trim());
                start = i + 1;
            }
        }

        alternatives.Add(text[start..].Trim());
        return alternatives;
    }
}
