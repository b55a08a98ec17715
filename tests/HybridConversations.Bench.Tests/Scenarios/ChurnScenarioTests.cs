using HybridConversations.Bench.Scenarios;
using HybridConversations.Bench.Tests.Peer;

namespace HybridConversations.Bench.Tests.Scenarios;

public sealed class ChurnScenarioTests
{
    private static readonly string[] Sizes = ["bursts=2", "burst-requests=6", "burst-ms=50", "decode-tokens=4"];

    [Theory]
    [InlineData(PeerKind.OpenAi, 0)]
    [InlineData(PeerKind.LlamaServer, 2)]
    [InlineData(PeerKind.HybridConversations, 2)]
    public async Task All_who_leave_are_counted_and_the_server_is_idle_again(PeerKind kind, int idles)
    {
        await using var bench = await ScenarioBench.Start(new PeerOptions { Kind = kind, Gap = TimeSpan.FromMilliseconds(5) }, Sizes);

        var measured = await bench.Run(new ChurnScenario());

        Assert.Equal(24, measured.Value("cancelled"));
        Assert.Equal(0, measured.Value("errors"));
        Assert.Equal(3, measured.Samples("decode before"));
        Assert.Equal(2, measured.Samples("decode after a burst"));
        Assert.Equal(measured.Value("decode after a burst") / measured.Value("decode before"), measured.Value("after / before"), 1e-9);
        Assert.Equal(idles, measured.Samples("idle after a burst"));
        Assert.True(bench.Server.Left > 0);
    }

    [Fact]
    public async Task A_server_that_bounds_itself_refuses_and_that_is_no_error()
    {
        await using var bench = await ScenarioBench.Start(new PeerOptions { MostAtOnce = 2, Gap = TimeSpan.FromMilliseconds(5) }, [.. Sizes, "burst-ms=5000"]);

        // Probes must not meet a burst that has not gone yet: bursts are awaited whole, so they do not.
        var measured = await bench.Run(new ChurnScenario());

        Assert.True(measured.Value("refused as too busy") > 0);
        Assert.Equal(0, measured.Value("errors"));
        Assert.Equal(24, measured.Samples("cancelled"));
    }
}
