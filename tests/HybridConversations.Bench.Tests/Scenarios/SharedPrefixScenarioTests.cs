using HybridConversations.Bench.Scenarios;
using HybridConversations.Bench.Tests.Peer;

namespace HybridConversations.Bench.Tests.Scenarios;

public sealed class SharedPrefixScenarioTests
{
    private static readonly string[] Sizes = ["shared-conversations=6", "shared-prompt=50", "turn=8", "turn-tokens=4"];

    [Fact]
    public async Task A_server_that_shares_perfectly_uses_the_least_cells()
    {
        await using var bench = await ScenarioBench.Start(new PeerOptions { Kind = PeerKind.HybridConversations }, Sizes);

        var measured = await bench.Run(new SharedPrefixScenario());

        // Role, 50 words, end and the next role are shared: 53 of 50 + 2 + 8 + 2 + 1 tokens. The first role was there before.
        Assert.Equal(53.0 / 63, measured.Value("later conversations, prompt tokens cached"), 0.01);
        Assert.InRange(measured.Value("KV cells / (one copy + own tokens)"), 0.97, 1.0);
        Assert.Equal(5, measured.Samples("later conversations, first token p50"));
    }

    [Fact]
    public async Task Where_no_server_tells_its_cells_there_is_no_such_figure()
    {
        await using var bench = await ScenarioBench.Start(new PeerOptions(), Sizes);

        var measured = await bench.Run(new SharedPrefixScenario());

        Assert.DoesNotContain(measured.Figures, figure => figure.Name.StartsWith("KV", StringComparison.Ordinal));
        Assert.Empty(measured.Warnings);
    }
}
