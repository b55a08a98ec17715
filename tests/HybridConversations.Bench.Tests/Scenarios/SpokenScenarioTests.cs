using HybridConversations.Bench.Http;
using HybridConversations.Bench.Scenarios;
using HybridConversations.Bench.Tests.Peer;

namespace HybridConversations.Bench.Tests.Scenarios;

public sealed class SpokenScenarioTests
{
    [Fact]
    public async Task What_was_heard_before_the_turn_is_read_ahead()
    {
        await using var bench = await ScenarioBench.Start(
            new PeerOptions { Kind = PeerKind.HybridConversations }, "utterances=3", "utterance-min=20", "utterance-max=100", "word-ms=0", "barge-ins=0");

        var measured = await bench.Run(new SpokenScenario());

        // The peer reads all but the last word ahead; its turn reads that word, the end and the next role, of the words and four tokens around them.
        foreach (var tokens in (int[])[20, 40, 60, 80, 100])
        {
            Assert.Equal(1 - (3.0 / (tokens + 4)), measured.Value($"{tokens} tokens: share read ahead"), 1e-9);
            Assert.Equal(3, measured.Samples($"{tokens} tokens: first token with listen"));
            Assert.Equal(3, measured.Samples($"{tokens} tokens: first token without"));
        }

        Assert.Equal(3 * (20 + 40 + 60 + 80 + 100), measured.Samples("listen answered p95"));
        Assert.Empty(measured.Warnings);
    }

    [Theory]
    [InlineData(0, 0, 1, 0)]
    [InlineData(20, 20, 21, 24)]
    public async Task Old_tokens_that_are_read_again_after_a_barge_in_are_counted(int readsAgain, int least, int most, int over)
    {
        await using var bench = await ScenarioBench.Start(
            new PeerOptions { Kind = PeerKind.HybridConversations, Gap = TimeSpan.FromMilliseconds(2), ReadsAgain = readsAgain },
            "utterances=1", "word-ms=0", "barge-ins=24", "barge-in-talkers=3");

        var measured = await bench.Run(new SpokenScenario());

        // A word that was cut in two is a new token: one more.
        Assert.Equal(24, measured.Value("barge-ins"));
        Assert.InRange(measured.Value("barge-in, old tokens read again p50"), least, most);
        Assert.InRange(measured.Value("barge-in, old tokens read again max"), least, most);
        Assert.Equal(over, measured.Value("barge-ins with more than 16"));
        Assert.Equal(24, measured.Samples("barge-in, reply ended after p50"));
    }

    [Fact]
    public void A_server_without_conversations_is_left_out()
    {
        using var endpoint = new Endpoint("B", new Uri("http://127.0.0.1:1"), key: null, TimeSpan.FromSeconds(1));

        Assert.NotNull(new SpokenScenario().Unfit(new Target(endpoint, TargetKind.LlamaServer, "m"), owned: true));
        Assert.Null(new SpokenScenario().Unfit(new Target(endpoint, TargetKind.HybridConversations, "m"), owned: false));
    }
}
