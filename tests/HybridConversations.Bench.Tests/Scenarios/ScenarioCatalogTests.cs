using HybridConversations.Bench.Scenarios;

namespace HybridConversations.Bench.Tests.Scenarios;

public sealed class ScenarioCatalogTests
{
    [Fact]
    public void All_are_the_ten_and_a_name_that_comes_twice_runs_once()
    {
        var errors = new List<string>();

        var scenarios = ScenarioCatalog.Resolve(["mixed", "all", "decode-2", "mixed"], errors);

        Assert.Empty(errors);
        Assert.Equal(
            ["mixed", "decode-1", "decode-4", "decode-8", "decode-16", "resume", "restart", "shared-prefix", "churn", "spoken", "decode-2"],
            scenarios.Select(scenario => scenario.Name));
    }

    [Theory]
    [InlineData("decode-0")]
    [InlineData("decode-257")]
    [InlineData("decode-x")]
    [InlineData("Mixed")]
    public void Another_name_is_an_error_that_says_which_there_are(string name)
    {
        var errors = new List<string>();

        Assert.Empty(ScenarioCatalog.Resolve([name], errors));
        Assert.Contains("shared-prefix", Assert.Single(errors));
    }
}
