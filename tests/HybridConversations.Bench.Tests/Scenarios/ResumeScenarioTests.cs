using HybridConversations.Bench.Scenarios;
using HybridConversations.Bench.Tests.Peer;

namespace HybridConversations.Bench.Tests.Scenarios;

public sealed class ResumeScenarioTests
{
    private static readonly string[] Sizes = ["conversations=5", "history=100", "turn=8", "turn-tokens=4", "rounds=2"];

    [Theory]
    [InlineData(PeerKind.OpenAi)]
    [InlineData(PeerKind.HybridConversations)]
    public async Task A_server_with_room_for_all_reads_only_what_is_new(PeerKind kind)
    {
        await using var bench = await ScenarioBench.Start(new PeerOptions { Kind = kind }, Sizes);

        var measured = await bench.Run(new ResumeScenario());

        var next = bench.Server.Requests.Skip(5).ToArray();
        Assert.Equal(10, next.Length);
        Assert.All(next, request => Assert.Equal(8 + 4, request.Tokens.Length - request.Cached));
        Assert.Equal(next.Sum(request => (double)request.Cached) / next.Sum(request => request.Tokens.Length), measured.Value("next turn, prompt tokens cached"), 1e-9);
        Assert.Equal(5, measured.Samples("first read, first token p50"));
        Assert.Equal(10, measured.Samples("next turn, first token p50"));
        Assert.Equal(kind == PeerKind.OpenAi ? "chat" : "turn", bench.Server.Requests.Select(request => request.Path).Distinct().Single());
        if (kind == PeerKind.HybridConversations)
        {
            Assert.Equal(measured.Value("next turn, prompt tokens cached"), measured.Value("next turn, cached: resident"), 1e-9);
            Assert.Equal(0, measured.Value("next turn, cached: parked"));
        }
    }

    [Fact]
    public async Task A_server_without_room_reads_everything_again()
    {
        await using var bench = await ScenarioBench.Start(new PeerOptions { Room = 2 }, Sizes);

        Assert.InRange((await bench.Run(new ResumeScenario())).Value("next turn, prompt tokens cached"), 0, 0.03);
    }

    [Fact]
    public async Task Conversations_are_forgotten_afterwards()
    {
        await using var bench = await ScenarioBench.Start(new PeerOptions { Kind = PeerKind.HybridConversations }, Sizes);

        await bench.Run(new ResumeScenario());

        using var http = new HttpClient();
        Assert.Equal("[]", await http.GetStringAsync(new Uri(bench.Server.Url, "conversations")));
    }
}
