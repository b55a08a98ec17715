using HybridConversations.Routing;

namespace TrainRouter;

/// <summary>All examples there are.</summary>
/// <param name="Train">English, to learn from, templates aside: the project's own and the shared ones.</param>
/// <param name="Templates">English, to learn from, expanded from sentence patterns.</param>
/// <param name="Foreign">Other languages, to learn from, templates aside.</param>
/// <param name="ForeignTemplates">Other languages, to learn from, expanded from sentence patterns.</param>
/// <param name="Dev">The shared development set; never learned from.</param>
/// <param name="HeldOut">The project's own held-out requests, written in another manner; never learned from.</param>
/// <param name="Probes">Requests made to mislead: everyday ones in hard words and the other way about; never learned from.</param>
/// <param name="FollowUps">For the follow-up classifier.</param>
/// <param name="Openers">What people begin with in other languages, by language.</param>
/// <param name="Languages">Requests in other languages, written apart from those to learn from and in other words; never learned from.</param>
internal sealed record Corpus(IReadOnlyList<Example> Train, IReadOnlyList<Example> Templates, IReadOnlyList<Example> Foreign, IReadOnlyList<Example> ForeignTemplates, IReadOnlyList<Example> Dev, IReadOnlyList<Example> HeldOut,
    IReadOnlyList<Example> Probes, IReadOnlyList<Example> FollowUps, IReadOnlyList<Example> Languages,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Openers)
{
    private const int SentencesOfATemplate = 12;

    /// <param name="folder">The tool's data folder.</param>
    /// <param name="shared">A folder with train.jsonl and dev.jsonl to take in place of the copies in <paramref name="folder"/>; null for the copies.</param>
    /// <param name="seed">Of the templates.</param>
    public static Corpus Read(string folder, string? shared, int seed)
    {
        var dev = ExampleFile.Read(shared is null ? Path.Combine(folder, "shared-dev.jsonl.gz") : Path.Combine(shared, "dev.jsonl"));
        var heldOut = ExampleFile.Read(Path.Combine(folder, "held-out.jsonl"));
        var probes = ExampleFile.Read(Path.Combine(folder, "probes.jsonl"));
        var train = ExampleFile.Read(Path.Combine(folder, "examples.jsonl"))
            .Concat(ExampleFile.Read(shared is null ? Path.Combine(folder, "shared-train.jsonl.gz") : Path.Combine(shared, "train.jsonl")))
            .ToList();
        var languages = Files(Path.Combine(folder, "languages", "held-out")).SelectMany(file => file.Sentences).ToArray();
        var unseen = dev.Concat(heldOut).Concat(probes).Concat(languages).Select(e => Plain(e.Text)).ToHashSet(StringComparer.Ordinal);
        var taught = Files(Path.Combine(folder, "languages")).ToArray();
        var further = TemplateFile.Read(Path.Combine(folder, "further.txt"));
        bool IsFree(Example e) => !unseen.Contains(Plain(e.Text));
        return new Corpus(
            [.. train.Concat(further.Whole).Where(IsFree)],
            [.. TemplateFile.Read(Path.Combine(folder, "templates.txt")).Expand(SentencesOfATemplate, seed).Concat(further.ExpandSlots(SentencesOfATemplate, seed)).Where(IsFree)],
            [.. taught.SelectMany(file => file.Whole).DistinctBy(e => Plain(e.Text)).Where(IsFree)],
            [.. taught.SelectMany(file => file.ExpandSlots(SentencesOfATemplate, seed)).Where(IsFree)],
            dev,
            heldOut,
            probes,
            ExampleFile.Read(Path.Combine(folder, "follow-ups.jsonl")),
            languages,
            taught.Where(file => file.Slot("opener").Count > 0).ToDictionary(file => file.Language, file => file.Slot("opener"), StringComparer.Ordinal));
    }

    private static IEnumerable<TemplateFile> Files(string folder) =>
        Directory.GetFiles(folder, "*.txt").Order(StringComparer.Ordinal).Select(path => TemplateFile.Read(path, Path.GetFileNameWithoutExtension(path)));

    /// <summary>A text without capitals and punctuation: what is the same in this form is the same example.</summary>
    private static string Plain(string text) => string.Concat(text.Where(LetterFold.IsWord)).ToLowerInvariant();
}
