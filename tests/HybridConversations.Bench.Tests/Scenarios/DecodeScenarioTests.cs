using HybridConversations.Bench.Scenarios;
using HybridConversations.Bench.Tests.Peer;

namespace HybridConversations.Bench.Tests.Scenarios;

public sealed class DecodeScenarioTests
{
    [Fact]
    public async Task Streams_run_together_with_prompts_and_replies_of_the_wanted_sizes()
    {
        await using var bench = await ScenarioBench.Start(
            new PeerOptions { Gap = TimeSpan.FromMilliseconds(1) }, "short-prompt=32", "decode-tokens=10", "decode-replies=8");

        var measured = await bench.Run(new DecodeScenario(4));

        Assert.Equal(8, measured.Replies.Count);
        Assert.Equal(4, bench.Server.MostRunning);
        Assert.All(measured.Replies, reply => Assert.Equal(32, reply.Usage!.PromptTokens));
        Assert.All(measured.Replies, reply => Assert.Equal(10, reply.CompletionTokens));
        Assert.Equal(8 * 9, measured.Samples("gap p50"));
        Assert.Equal(2, measured.Samples("with prompts"));
        Assert.True(measured.Value("decode") > 0);
        Assert.False(measured.Figures.Single(figure => figure.Name == "gap p99").Enough);
        Assert.Empty(measured.Warnings);
    }

    [Fact]
    public async Task No_prompt_finds_the_beginning_of_another_in_the_cache()
    {
        await using var bench = await ScenarioBench.Start(new PeerOptions(), "decode-tokens=2", "decode-replies=16");

        await bench.Run(new DecodeScenario(8));

        // The role is all that they have in common, but for words that chance drew twice.
        Assert.Equal(16, bench.Server.Requests.Count);
        Assert.All(bench.Server.Requests, request => Assert.InRange(request.Cached, 0, 3));
    }

    [Fact]
    public async Task Replies_that_end_early_are_told()
    {
        await using var bench = await ScenarioBench.Start(new PeerOptions { OwnLength = 3 }, "decode-tokens=10", "decode-replies=1");
        var context = bench.Context with { Target = bench.Context.Target with { TakesExtensions = false } };

        var measured = await new DecodeScenario(1).Run(context, CancellationToken.None);

        Assert.Contains("1 of 1 replies ended before their 10 tokens.", measured.Warnings);
    }
}
