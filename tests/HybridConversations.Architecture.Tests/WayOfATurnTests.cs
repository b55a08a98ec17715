using System.Text.RegularExpressions;
using HybridConversations.Tests.Common;

namespace HybridConversations.Architecture.Tests;

/// <summary>The rooms that docs/code.md sends a reader to are there.</summary>
public sealed partial class WayOfATurnTests
{
    [Fact]
    public void Every_place_that_the_docs_name_exists()
    {
        var way = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "code.md")).Split("## ").Single(part => part.StartsWith("The way of a turn", StringComparison.Ordinal));
        var places = Place().Matches(way).Select(place => place.Groups["path"].Value.TrimEnd('/')).ToArray();

        var missing = places.Where(place => !Candidates(place).Any(path => Directory.Exists(path) || File.Exists(path + ".cs")));

        Assert.True(places.Length > 25, $"Only {places.Length} places were found.");
        Assert.Empty(missing);
    }

    /// <summary>The docs leave out what every name begins with.</summary>
    private static IEnumerable<string> Candidates(string place) =>
    [
        Path.Combine(RepositoryFiles.Root, "src", "HybridConversations." + place),
        Path.Combine(RepositoryFiles.Root, "src", "HybridConversations", place),
    ];

    [GeneratedRegex("`(?<path>[A-Z][A-Za-z]+/[A-Za-z./]*)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Place();
}
