using System.Net;
using HybridConversations.Bench.Http;
using HybridConversations.Bench.Tests.Peer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Endpoint = HybridConversations.Bench.Http.Endpoint;

namespace HybridConversations.Bench.Tests.Http;

public sealed class ChatClientTests
{
    private static readonly BenchMessage[] Hello = [new BenchMessage("user", "one two three")];

    [Fact]
    public async Task Every_piece_and_the_server_s_counts_are_noted()
    {
        await using var server = await PeerServer.Start();
        using var endpoint = At(server.Url);
        var chat = new ChatClient(new Target(endpoint, TargetKind.OpenAi, "m"), TimeProvider.System);

        var reply = await chat.Ask(new BenchRequest("test", Hello, 5), CancellationToken.None);
        var again = await chat.Ask(new BenchRequest("test", Hello, 5), CancellationToken.None);

        Assert.Equal("r6-0 r6-1 r6-2 r6-3 r6-4", reply.Text);
        Assert.Equal(new ReplyUsage(6, 5, 0), reply.Usage);
        Assert.Equal(5, reply.Arrivals.Count);
        Assert.Equal(4, reply.GapsMs.Count());
        Assert.Equal("length", reply.FinishReason);
        Assert.True(reply.StartedAt <= reply.Arrivals[0] && reply.Arrivals[^1] <= reply.EndedAt);
        Assert.Equal(5, again.Usage!.CachedTokens);
        Assert.Equal(1, again.Usage.ReadTokens);
    }

    [Fact]
    public async Task The_request_is_greedy_of_fixed_length_and_asks_for_usage()
    {
        await using var server = await PeerServer.Start();
        using var endpoint = At(server.Url);

        await new ChatClient(new Target(endpoint, TargetKind.LlamaServer, "m"), TimeProvider.System)
            .Ask(new BenchRequest("test", Hello, 5) { Priority = "voice", Slot = 3 }, CancellationToken.None);

        Assert.Equal(
            """{"model":"m","messages":[{"role":"user","content":"one two three"}],"max_tokens":5,"temperature":0,"stream":true,"stream_options":{"include_usage":true},"ignore_eos":true,"priority":"voice","id_slot":3}""",
            server.Requests.Single().Body.ToJsonString());
    }

    [Fact]
    public async Task A_strict_server_gets_no_extensions()
    {
        await using var server = await PeerServer.Start(new PeerOptions { RefusesExtensions = true });
        using var endpoint = At(server.Url);

        var target = await ExtensionProbe.Check(new Target(endpoint, TargetKind.OpenAi, "m"), TimeProvider.System, CancellationToken.None);

        Assert.False(target.TakesExtensions);
        Assert.Null(server.Requests.Single().Body["priority"]);
    }

    [Fact]
    public async Task A_client_that_is_cancelled_hangs_up()
    {
        await using var server = await PeerServer.Start(new PeerOptions { Gap = TimeSpan.FromMilliseconds(5) });
        using var endpoint = At(server.Url);
        using var leave = new CancellationTokenSource();
        var asking = new ChatClient(new Target(endpoint, TargetKind.OpenAi, "m"), TimeProvider.System).Ask(new BenchRequest("test", Hello, 100_000), leave.Token);
        await Until(() => server.Running == 1);

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await Until(() => server.Running == 0);
        Assert.Equal(1, server.Left);
    }

    [Fact]
    public async Task A_server_that_takes_too_long_is_an_error_that_names_the_option()
    {
        await using var server = await PeerServer.Start(new PeerOptions { Gap = TimeSpan.FromMinutes(5) });
        using var endpoint = new Endpoint("B", server.Url, key: null, TimeSpan.FromMilliseconds(200));

        var error = await Assert.ThrowsAsync<TargetException>(
            () => new ChatClient(new Target(endpoint, TargetKind.OpenAi, "m"), TimeProvider.System).Ask(new BenchRequest("test", Hello, 5), CancellationToken.None));

        Assert.Contains("B (", error.Message);
        Assert.Contains("--timeout", error.Message);
    }

    [Theory]
    [InlineData(503, """{"error":{"message":"Loading model","code":503}}""", "503: Loading model")]
    [InlineData(503, """{"type":"x","detail":"A queue is full."}""", "503: A queue is full.")]
    [InlineData(404, "no such\nthing", "404: no such thing")]
    [InlineData(401, """["odd"]""", "401: [\"odd\"]")]
    public async Task A_refusal_says_what_the_server_said(int status, string body, string expected)
    {
        await using var app = await Answering(async http =>
        {
            http.Response.StatusCode = status;
            await http.Response.WriteAsync(body);
        });
        using var endpoint = At(new Uri(app.Urls.First()));

        var error = await Assert.ThrowsAsync<TargetException>(() => Ask(endpoint));

        Assert.Contains(expected, error.Message);
        Assert.Equal(status == 503, error.Refused);
    }

    [Theory]
    [InlineData("data: {\"error\":{\"message\":\"out of memory\"}}\n\n", "out of memory")]
    [InlineData("data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\n\n", "without a finish reason after 1 pieces")]
    [InlineData("data: {\"choices\":[\n\n", "failed at POST")]
    public async Task A_stream_that_breaks_is_an_error(string stream, string expected)
    {
        await using var app = await Answering(http => http.Response.WriteAsync(stream));
        using var endpoint = At(new Uri(app.Urls.First()));

        Assert.Contains(expected, (await Assert.ThrowsAsync<TargetException>(() => Ask(endpoint))).Message);
    }

    [Fact]
    public async Task A_server_without_usage_is_counted_by_its_pieces()
    {
        await using var app = await Answering(http => http.Response.WriteAsync(
            "data: {\"choices\":[{\"delta\":{\"reasoning_content\":\"a\"}}],\"usage\":null}\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"b\"},\"finish_reason\":\"stop\"}]}\n\n"));
        using var endpoint = At(new Uri(app.Urls.First()));

        var reply = await Ask(endpoint);

        Assert.Null(reply.Usage);
        Assert.Equal(2, reply.CompletionTokens);
    }

    [Fact]
    public async Task The_key_is_sent_and_a_v1_address_is_understood()
    {
        var seen = new TaskCompletionSource<string>();
        await using var app = await Answering(http =>
        {
            seen.TrySetResult($"{http.Request.Path} {http.Request.Headers.Authorization}");
            http.Response.StatusCode = (int)HttpStatusCode.NotFound;
            return Task.CompletedTask;
        });
        using var endpoint = new Endpoint("A", new Uri(app.Urls.First() + "/v1/"), "secret", TimeSpan.FromMinutes(1));

        await Assert.ThrowsAsync<TargetException>(() => Ask(endpoint));

        Assert.Equal("/v1/chat/completions Bearer secret", await seen.Task);
    }

    private static Task<ReplyTrace> Ask(Endpoint endpoint) =>
        new ChatClient(new Target(endpoint, TargetKind.OpenAi, "m"), TimeProvider.System).Ask(new BenchRequest("test", Hello, 5), CancellationToken.None);

    private static Endpoint At(Uri url) => new("A", url, key: null, TimeSpan.FromMinutes(1));

    private static async Task<WebApplication> Answering(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return app;
    }

    private static async Task Until(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (!condition())
        {
            await Task.Delay(5, limit.Token);
        }
    }
}
