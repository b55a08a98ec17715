using HybridConversations.Bench.Scenarios;
using HybridConversations.Bench.Tests.Peer;

namespace HybridConversations.Bench.Tests.Scenarios;

public sealed class MixedScenarioTests
{
    private static readonly string[] Sizes = ["mixed-seconds=1", "voices=3", "voice-tokens=5", "long-prompt=300", "long-tokens=4", "background=2"];

    [Fact]
    public async Task Voices_and_long_prompts_run_side_by_side_each_with_its_priority()
    {
        await using var bench = await ScenarioBench.Start(new PeerOptions { Gap = TimeSpan.FromMilliseconds(2) }, Sizes);

        var measured = await bench.Run(new MixedScenario());

        var voices = measured.Replies.Where(reply => reply.Role == "voice").ToArray();
        var background = measured.Replies.Where(reply => reply.Role == "background").ToArray();
        Assert.NotEmpty(background);
        Assert.True(voices.Length >= 3);
        Assert.All(voices, reply => Assert.Equal(5, reply.CompletionTokens));
        Assert.All(background, reply => Assert.Equal(300, reply.Usage!.PromptTokens));
        Assert.Equal(voices.Length * 4, measured.Samples("voice gap p99"));
        Assert.Equal(voices.Length, measured.Samples("voice first token p95"));
        Assert.Equal(0, measured.Value("errors"));
        Assert.True(measured.Value("background prompts") > 0);
        Assert.InRange(bench.Server.MostRunning, 4, 5);
        Assert.All(bench.Server.Requests, request => Assert.Equal(request.Tokens.Length == 300 ? "background" : "voice", (string?)request.Body["priority"]));
        Assert.All(bench.Server.Requests, request => Assert.InRange(request.Cached, 0, 3));
    }

    [Fact]
    public async Task Refused_requests_are_counted_and_the_others_still_measured()
    {
        await using var bench = await ScenarioBench.Start(new PeerOptions { Gap = TimeSpan.FromMilliseconds(2), Context = 100 }, Sizes);

        var measured = await bench.Run(new MixedScenario());

        Assert.True(measured.Value("errors") >= 2);
        Assert.Equal(0, measured.Value("background prompts"));
        Assert.Contains(measured.Warnings, warning => warning.Contains("The prompt is longer than the context.", StringComparison.Ordinal));
        Assert.True(measured.Samples("voice gap p50") > 0);
    }
}
