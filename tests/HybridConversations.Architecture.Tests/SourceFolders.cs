using System.Text.RegularExpressions;
using HybridConversations.Tests.Common;

namespace HybridConversations.Architecture.Tests;

/// <summary>In which folder of <c>src</c> a type is written: several may share a namespace, and constants leave no trace in an assembly.</summary>
internal sealed partial class SourceFolders
{
    private readonly Dictionary<string, string> _folders = new(StringComparer.Ordinal);
    private readonly List<(string Folder, string Text)> _files = [];
    private readonly List<(string Folder, string Constant)> _constants = [];

    public SourceFolders()
    {
        var root = Path.Combine(RepositoryFiles.Root, "src");
        foreach (var file in Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories))
        {
            var folder = Path.GetRelativePath(root, Path.GetDirectoryName(file)!);
            var text = Comment().Replace(File.ReadAllText(file), "");
            _files.Add((folder, text));
            var space = Namespace().Match(text).Groups["name"].Value;
            foreach (Match type in Declaration().Matches(text))
            {
                _folders[$"{space}.{type.Groups["name"].Value}"] = folder;
                _constants.AddRange(Constant().Matches(text).Select(constant => (folder, $"{type.Groups["name"].Value}.{constant.Groups["name"].Value}")));
            }
        }
    }

    /// <summary>The folder of a type, without its arity; null for one that no file declares: the compiler's and generators' own.</summary>
    public string? Of(string fullName)
    {
        var outer = fullName.Split('+', '/')[0].Split('`')[0];
        return _folders.GetValueOrDefault(outer);
    }

    /// <summary>Which folder uses a constant of which.</summary>
    public IEnumerable<Arrow> Constants()
    {
        foreach (var constants in _constants.ToLookup(constant => constant.Constant, constant => constant.Folder))
        {
            // A name that two types of the house have says nothing here.
            if (constants.Distinct().ToList() is not [var owner])
            {
                continue;
            }

            foreach (var (folder, text) in _files)
            {
                if (folder.Split('/')[0] == owner.Split('/')[0] && text.Contains(constants.Key, StringComparison.Ordinal))
                {
                    yield return new Arrow(folder, owner, $"use of {constants.Key}");
                }
            }
        }
    }

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Namespace();

    /// <summary>A type that stands at the left margin.</summary>
    [GeneratedRegex(@"^(public |internal |file |static |sealed |abstract |partial |readonly |ref |unsafe )*(class|record struct|record class|record|struct|interface|enum|delegate [\w<>\[\]?.]+) (?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^    (public|internal) const [\w?]+ (?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Constant();
}
