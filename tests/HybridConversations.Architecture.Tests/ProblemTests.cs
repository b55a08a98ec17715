using HybridConversations.Tests.Common;

namespace HybridConversations.Architecture.Tests;

/// <summary>One sentence for each code, wherever it occurs, and each code in the docs (docs/http-api.md).</summary>
public sealed class ProblemTests
{
    /// <summary>OpenAI's names for what has a name of ours too: docs/responses.md tells of them.</summary>
    private static readonly string[] OfOpenAi = [ProblemCodes.PreviousNotFound, ProblemCodes.ContextExceeded, ProblemCodes.ResponseInProgress];

    private static readonly string[] Codes = [.. typeof(ProblemCodes).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!)];

    [Fact]
    public void Each_code_has_a_title_of_its_own()
    {
        var titles = Codes.Except([ProblemCodes.ContextExceeded]).Select(code => new Problem(code, 500, "Detail.").Title).Append(new Problem("of-a-later-release", 500, "Detail.").Title).ToList();
        Assert.Equal(titles.Distinct(), titles);
    }

    [Fact]
    public void A_title_follows_from_the_code_except_where_a_problem_of_another_process_is_read()
    {
        var setters = House.Calls.Where(call => call.To == typeof(Problem).FullName && call.Method.StartsWith($"set_{nameof(Problem.Title)}(", StringComparison.Ordinal)).Select(call => call.From).Distinct();
        Assert.Equal(["HybridConversations.Client.Wire.ProblemDocument", "HybridConversations.Client.Wire.WireContext", "HybridConversations.Storage.Sqlite.StorageJson"], setters);
    }

    [Fact]
    public void Each_code_stands_in_the_docs()
    {
        var docs = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "http-api.md"));
        Assert.All(Codes.Except(OfOpenAi), code => Assert.Contains($"`{code}`", docs, StringComparison.Ordinal));
    }
}
