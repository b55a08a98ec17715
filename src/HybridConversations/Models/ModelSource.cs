using System.Text.RegularExpressions;

namespace HybridConversations.Models;

/// <summary>A GGUF file in a repository of the Hugging Face hub, or of a server that answers like it.</summary>
public sealed partial record ModelSource
{
    private const int MaxCharacters = 200;

    /// <param name="repository">Owner and name, e.g. <c>bartowski/Llama-3.2-3B-Instruct-GGUF</c>.</param>
    /// <param name="file">Path in the repository, ending in <c>.gguf</c>.</param>
    /// <param name="revision">Branch, tag or commit.</param>
    /// <param name="sha256">What the file's SHA-256 must be, in hex; null to believe the hub.</param>
    /// <exception cref="ProblemException">A part has characters that no repository has, such as <c>..</c>.</exception>
    public ModelSource(string repository, string file, string revision = "main", string? sha256 = null)
    {
        var errors = new List<string>();
        if (!RepositoryShape.IsMatch(repository) || repository.Contains("..", StringComparison.Ordinal))
        {
            errors.Add($"'{repository}' is no repository; write owner/name");
        }

        if (file.Length > MaxCharacters || !FileShape.IsMatch(file) || file.Contains("..", StringComparison.Ordinal))
        {
            errors.Add($"'{file}' is no model file; write its path in the repository, of letters, digits, '.', '_', '-' and '/', ending in .gguf");
        }
        else if (SplitShape.Match(file) is { Success: true } split && split.Groups["count"].Value != "00001")
        {
            errors.Add($"'{file}' is one part of a model in several files, which cannot be pulled; choose a repository with the model in one file");
        }

        if (!RevisionShape.IsMatch(revision))
        {
            errors.Add($"'{revision}' is no revision; write a branch, a tag or a commit");
        }

        if (sha256 is not null && !HashShape.IsMatch(sha256))
        {
            errors.Add($"'{sha256}' is no SHA-256; write 64 hexadecimal digits");
        }

        if (errors.Count > 0)
        {
            throw new ProblemException(ProblemCodes.InvalidRequest(string.Join("; ", errors) + "."));
        }

        (Repository, File, Revision, Sha256) = (repository, file, revision, sha256?.ToLowerInvariant());
    }

    /// <summary><c>owner/name</c> on the hub.</summary>
    public string Repository { get; }

    /// <summary>Path in it.</summary>
    public string File { get; }

    /// <summary>Branch, tag or commit.</summary>
    public string Revision { get; }

    /// <summary>Lower-case hex; null: the hub's word is taken.</summary>
    public string? Sha256 { get; }

    /// <summary>Name of the file in the models folder.</summary>
    public string FileName => File[(File.LastIndexOf('/') + 1)..];

    /// <summary>Reads a known name (see <see cref="ModelCatalog"/>) or <c>owner/repository/file.gguf</c>, with <c>@revision</c> behind it where wanted.</summary>
    /// <exception cref="ProblemException">It is neither.</exception>
    public static ModelSource Parse(string text)
    {
        if (ModelCatalog.Find(text) is { } known)
        {
            return known.Source;
        }

        var at = text.LastIndexOf('@');
        var (path, revision) = at < 0 ? (text, "main") : (text[..at], text[(at + 1)..]);
        var parts = path.Split('/', 3);
        return parts.Length == 3
            ? new ModelSource($"{parts[0]}/{parts[1]}", parts[2], revision)
            : throw new ProblemException(ProblemCodes.InvalidRequest(
                $"'{text}' is no model that can be pulled. Write one of {ModelCatalog.Names}, or owner/repository/file.gguf as on huggingface.co."));
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,95}/[A-Za-z0-9][A-Za-z0-9._-]{0,95}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex RepositoryShape { get; }

    [GeneratedRegex("^(?:[A-Za-z0-9][A-Za-z0-9._-]*/)*[A-Za-z0-9][A-Za-z0-9._-]*\\.gguf\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex FileShape { get; }

    [GeneratedRegex("-[0-9]{5}-of-(?<count>[0-9]{5})\\.gguf\\z", RegexOptions.CultureInvariant)]
    private static partial Regex SplitShape { get; }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex RevisionShape { get; }

    [GeneratedRegex("^[0-9a-fA-F]{64}\\z", RegexOptions.CultureInvariant)]
    private static partial Regex HashShape { get; }
}
