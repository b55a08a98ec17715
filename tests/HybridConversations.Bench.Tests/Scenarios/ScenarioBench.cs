using HybridConversations.Bench.Http;
using HybridConversations.Bench.Prompts;
using HybridConversations.Bench.Scenarios;
using HybridConversations.Bench.Tests.Peer;

namespace HybridConversations.Bench.Tests.Scenarios;

/// <summary>Runs scenarios on a peer whose words are its tokens.</summary>
internal sealed class ScenarioBench : IAsyncDisposable
{
    private readonly Endpoint _endpoint;

    private ScenarioBench(PeerServer server, Endpoint endpoint, ScenarioContext context)
    {
        Server = server;
        _endpoint = endpoint;
        Context = context;
    }

    public PeerServer Server { get; }

    public ScenarioContext Context { get; }

    public static async Task<ScenarioBench> Start(PeerOptions options, params string[] sizes)
    {
        var server = await PeerServer.Start(options);
        var endpoint = new Endpoint("A", server.Url, key: null, TimeSpan.FromMinutes(1));
        var target = await TargetDiscovery.Discover(endpoint, model: null, CancellationToken.None);
        var errors = new List<string>();
        var parsed = BenchSizes.Parse(sizes, errors);
        Assert.Empty(errors);
        var scale = await new PromptCalibration(1, "nonce", TimeProvider.System).Measure(target, CancellationToken.None);
        server.Requests.Clear();
        return new ScenarioBench(server, endpoint, new ScenarioContext
        {
            Target = target,
            Sizes = parsed,
            Prompts = new PromptMaker(scale, 1, "nonce"),
            Key = "test/1",
            ConversationPrefix = "test",
            Seed = 1,
            Runs = 1,
            Clock = TimeProvider.System,
            Report = _ => { },
        });
    }

    public Task<Measurement> Run(IScenario scenario) => scenario.Run(Context, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        _endpoint.Dispose();
        await Server.DisposeAsync();
    }
}

internal static class MeasurementExtensions
{
    public static double Value(this Measurement measurement, string figure) =>
        Assert.Single(measurement.Figures, one => one.Name == figure).Value ?? throw new InvalidOperationException($"'{figure}' has no value.");

    public static int Samples(this Measurement measurement, string figure) => Assert.Single(measurement.Figures, one => one.Name == figure).Samples;
}
