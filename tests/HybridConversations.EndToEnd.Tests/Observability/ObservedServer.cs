using System.Diagnostics;
using HybridConversations.Tests.Common.MisbehavingCloud;

namespace HybridConversations.EndToEnd.Tests.Observability;

/// <summary>A real server that did a known amount of work, what it told Prometheus before and after, and what it sent to a collector until its end.</summary>
public sealed class ObservedServer : IAsyncLifetime
{
    public const string Secret = "The treasure lies under the old pear tree.";
    private readonly string _data = Directory.CreateTempSubdirectory("hc-observed-").FullName;
    private readonly ActivitySource _client = new("test");

    internal OtlpCollector Collector { get; private set; } = null!;
    internal PrometheusPage Before { get; private set; } = null!;
    internal PrometheusPage After { get; private set; } = null!;

    /// <summary>Trace of the one who said the first turn.</summary>
    public string TraceId { get; private set; } = "";

    /// <summary>Trace of the one whose turn the cloud answered.</summary>
    public string CloudTraceId { get; private set; } = "";

    /// <summary>What the replies themselves say that was generated and reused, of those of the device.</summary>
    public (int Generated, int Read, int Shared) Tokens { get; private set; }

    public async Task InitializeAsync()
    {
        Collector = await OtlpCollector.Start();
        await using var cloud = await MisbehavingServer.Start();
        await File.WriteAllTextAsync(Path.Combine(_data, "appsettings.json"), $$"""
            {"hc":{"cloud":{"name":"gpt","kind":"compatible","authentication":"none","base-address":"{{cloud.BaseAddress}}","model":"thinker","prices":{"input":1000,"output":1000},"budgets":{"total-daily":50,"total-monthly":500} } } }
            """);
        await using var server = await ServerProcess.Start(_data, "--otlp", Collector.Address.ToString(), "--first-token-target-ms", "600000");
        using var listener = new ActivityListener { ShouldListenTo = source => source.Name == "test", Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded };
        ActivitySource.AddActivityListener(listener);
        Before = await Metrics(server);
        TraceId = await Traced(() => Turn(server, new Turn { TurnId = "1", Text = "My name is Ada.", Priority = TurnPriority.Voice }));
        await Turn(server, new Turn { TurnId = "2", Text = "What is my name?" });
        await Turn(server, new Turn { TurnId = "3", Text = Secret, Private = true });
        CloudTraceId = await Traced(() => Turn(server, new Turn { TurnId = "4", Text = "Think hard.", Think = ThinkMode.Cloud }));
        cloud.Next(new Misbehaviour { Status = 400 });
        await Turn(server, new Turn { TurnId = "5", Text = "And again.", Think = ThinkMode.Cloud, AllowFallback = false });
        await server.Conversations.Get("observed").Listen(new SpokenDraft("What would you"));
        After = await MetricsOfAll(server);
        Assert.Equal(0, await server.Stop()); // what waits to be sent is sent
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await Collector.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    private async Task Turn(ServerProcess server, Turn turn)
    {
        var last = await server.Conversations.Get("observed").Say(turn with { Sampling = new SamplingOptions { MaxTokens = 12 } }).LastAsync();
        if (last is ReplyCompleted { Usage: { Reused: { } reused } usage })
        {
            Tokens = (Tokens.Generated + usage.CompletionTokens, Tokens.Read + usage.ReadTokens, Tokens.Shared + reused.SharedPrefix);
        }
    }

    private async Task<string> Traced(Func<Task> work)
    {
        using var span = _client.StartActivity("caller");
        await work();
        return span!.TraceId.ToHexString();
    }

    /// <summary>The exporter answers with the page before for a moment: the first that knows of the draft, which came last.</summary>
    private async Task<PrometheusPage> MetricsOfAll(ServerProcess server)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        PrometheusPage page;
        do
        {
            page = await Metrics(server);
        }
        while (page.Sum("hc_listening_drafts_total") == Before.Sum("hc_listening_drafts_total") && !patience.IsCancellationRequested);

        return page;
    }

    private static async Task<PrometheusPage> Metrics(ServerProcess server) => new(await server.Http.GetStringAsync("metrics"));
}

/// <summary>One server for all who look at what it told.</summary>
[CollectionDefinition(Name)]
public sealed class Observed : ICollectionFixture<ObservedServer>
{
    public const string Name = "observed server";
}
