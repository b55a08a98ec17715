using System.Text.RegularExpressions;
using HybridConversations.Tests.Common;

namespace HybridConversations.Architecture.Tests;

/// <summary>Dependencies between projects go one way, as docs/code.md lists them, and what a project must not know it does not.</summary>
public sealed partial class ProjectTests
{
    [Fact]
    public void A_project_uses_only_those_above_it_in_the_list_of_the_docs()
    {
        var listed = Listed();

        var below = House.Uses
            .Where(use => Array.IndexOf(listed, use.FromProject) < Array.IndexOf(listed, use.ToProject))
            .Select(use => $"{use.FromProject} uses {use.ToProject}: {use}");

        Assert.Equal("", string.Join('\n', below));
    }

    [Fact]
    public void Every_project_is_in_the_list_of_the_docs() => Assert.Equal(House.Projects, Listed().Order(StringComparer.Ordinal));

    /// <summary>The vocabulary stands alone, the engine knows neither network nor storage of conversations, and only the fleet knows Orleans.</summary>
    [Theory]
    [InlineData("HybridConversations.Abstractions", "HybridConversations|Orleans|Microsoft.AspNetCore|Microsoft.Data.Sqlite|LLama|OpenAI")]
    [InlineData("HybridConversations.Inference", "Orleans|Microsoft.AspNetCore|System.Net|Microsoft.Data.Sqlite|LLama|OpenAI|StackExchange.Redis")]
    [InlineData("HybridConversations.Inference.LLamaSharp", "Orleans|Microsoft.AspNetCore|System.Net|Microsoft.Data.Sqlite|OpenAI|StackExchange.Redis")]
    [InlineData("HybridConversations", "Orleans|Microsoft.AspNetCore|LLama|StackExchange.Redis")]
    [InlineData("HybridConversations.Client", "Orleans|Microsoft.AspNetCore|Microsoft.Data.Sqlite|LLama|StackExchange.Redis")]
    [InlineData("HybridConversations.Http", "Orleans|Microsoft.Data.Sqlite|LLama|StackExchange.Redis|OpenAI")]
    public void A_project_knows_nothing_of(string project, string others)
    {
        var reference = new Regex($"^({others})(\\.|$)", RegexOptions.CultureInvariant);

        var known = House.References(project).Where(name => reference.IsMatch(name));

        Assert.Empty(known);
    }

    /// <summary>In the order of the table's rows: whoever is used comes first.</summary>
    private static string[] Listed() =>
        [.. Row().Matches(File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "code.md"))).Select(row => row.Groups["project"].Value is var name && name == "HybridConversations.Cli" ? "hc" : name)];

    [GeneratedRegex(@"^\| `src/(?<project>HybridConversations[\w.]*)`", RegexOptions.Multiline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Row();
}
