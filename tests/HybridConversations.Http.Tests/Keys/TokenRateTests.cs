using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using HybridConversations.Http.Keys;
using HybridConversations.Tests.Common;

namespace HybridConversations.Http.Tests.Keys;

/// <summary>Tokens a minute of a tenant, at whatever address they are used.</summary>
public sealed class TokenRateTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_used_counts_for_a_minute_and_the_wait_is_told()
    {
        var clock = new VirtualClock();
        var rates = new TokenRates(new KeyOptions { TokensPerMinute = 100 }, clock);
        Assert.Null(rates.Refusal("a"));
        rates.Use("a", 60);
        clock.Advance(TimeSpan.FromSeconds(25));
        Assert.Null(rates.Refusal("a"));
        rates.Use("a", 70);
        var refusal = rates.Refusal("a")!;
        Assert.Equal(("rate-limited", 429, true), (refusal.Code, refusal.Status, refusal.Retryable));
        Assert.InRange(refusal.RetryAfterMs!.Value, 30_000, 36_000);
        Assert.Null(rates.Refusal("b"));

        // At the time that was told, and not before.
        clock.Advance(TimeSpan.FromMilliseconds(refusal.RetryAfterMs.Value - 10));
        Assert.NotNull(rates.Refusal("a"));
        clock.Advance(TimeSpan.FromMilliseconds(20));
        Assert.Null(rates.Refusal("a"));
        clock.Advance(TimeSpan.FromDays(40));
        rates.Use("a", 99);
        Assert.Null(rates.Refusal("a"));
        rates.Use("a", 1);
        Assert.NotNull(rates.Refusal("a"));
    }

    [Theory]
    [InlineData("/v1/chat/completions", """{"messages":[{"role":"user","content":"one two"}]}""")]
    [InlineData("/v1/chat/completions", """{"messages":[{"role":"user","content":"one two"}],"stream":true}""")]
    [InlineData("/v1/completions", """{"prompt":"one two"}""")]
    [InlineData("/v1/responses", """{"input":"one two"}""")]
    [InlineData("/v1/responses", """{"input":"one two","store":false}""")]
    [InlineData("/v1/responses", """{"input":"one two","stream":true}""")]
    [InlineData("/v1/responses", """{"input":"one two","background":true}""")]
    [InlineData("/api/chat", """{"messages":[{"role":"user","content":"one two"}],"stream":false}""")]
    [InlineData("/api/generate", """{"prompt":"one two"}""")]
    [InlineData("/conversations/c1/turns", """{"turnId":"NEW","text":"one two"}""")]
    public async Task Every_way_to_use_tokens_is_counted_and_closed(string path, string body)
    {
        var (acme, umbra, server) = await Start();
        await using var _ = server;

        // The scripted device reads 12 tokens and says one a word: 14 each time, and 20 are allowed.
        for (var i = 0; i < 2; i++)
        {
            using var answer = await KeyDoorTests.Post(server, path, acme, body.Replace("NEW", $"t{i}", StringComparison.Ordinal));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            await answer.Content.ReadAsStringAsync();
            if (body.Contains("background", StringComparison.Ordinal))
            {
                var id = JsonElement.Parse(await answer.Content.ReadAsStringAsync()).GetProperty("id").GetString();
                await (await KeyDoorTests.Get(server, $"/v1/responses/{id}?stream=true", acme)).Content.ReadAsStringAsync();
            }
        }

        foreach (var (other, otherBody) in Ways)
        {
            using var refused = await KeyDoorTests.Post(server, other, acme, otherBody);
            Assert.True(refused.StatusCode == HttpStatusCode.TooManyRequests, $"{other} answered {refused.StatusCode} after {path}.");
            Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
            Assert.Contains("tokens a minute", await refused.Content.ReadAsStringAsync());
        }

        // What uses none is open, and so is everything for others.
        Assert.Equal(HttpStatusCode.OK, (await KeyDoorTests.Get(server, "/conversations", acme)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await KeyDoorTests.Post(server, path, umbra, body)).StatusCode);
    }

    [Fact]
    public async Task A_web_socket_is_counted_and_closed_too()
    {
        var (acme, _, server) = await Start(requests: 4);
        await using var __ = server;
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("x-api-key", acme);
        await socket.ConnectAsync(new UriBuilder(server.Address) { Scheme = "ws", Path = "/v1/responses" }.Uri, CancellationToken.None);
        Assert.Equal("response.completed", await Last(socket));
        Assert.Equal("response.completed", await Last(socket));
        Assert.Equal("error tokens a minute", await Last(socket));
        using var refused = await KeyDoorTests.Post(server, "/v1/chat/completions", acme, """{"messages":[{"role":"user","content":"x"}]}""");
        Assert.Contains("requests a minute", await refused.Content.ReadAsStringAsync());
        Assert.Equal("error requests a minute", await Last(socket));
    }

    [Fact]
    public async Task A_reply_that_is_told_again_costs_nothing_and_one_that_broke_off_what_it_said()
    {
        var (acme, _, server) = await Start();
        await using var __ = server;
        for (var i = 0; i < 5; i++)
        {
            using var again = await KeyDoorTests.Post(server, "/conversations/c1/turns", acme, """{"turnId":"same","text":"one two"}""");
            Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        }

        server.Machine.Model.Reply = (_, _) => Breaks();
        using (var broken = await KeyDoorTests.Post(server, "/v1/chat/completions", acme, """{"messages":[{"role":"user","content":"x"}]}"""))
        {
            Assert.True((int)broken.StatusCode >= 500);
        }

        using var refused = await KeyDoorTests.Post(server, "/v1/chat/completions", acme, """{"messages":[{"role":"user","content":"x"}]}""");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
    }

    [Fact]
    public async Task Without_keys_the_limit_holds_for_all_together()
    {
        await using var server = await TestServer.Start(keys: new KeyOptions { TokensPerMinute = 10, RequestsPerMinute = 3 });
        using (var first = await server.Post("/v1/chat/completions", """{"messages":[{"role":"user","content":"x"}]}"""))
        {
            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        }

        using var refused = await server.Post("/api/generate", """{"prompt":"x"}""");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("/fleet")).StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await server.Http.GetAsync("/fleet")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("/health/live")).StatusCode);
    }

    private static IEnumerable<(string Path, string Body)> Ways =>
    [
        ("/v1/chat/completions", """{"messages":[{"role":"user","content":"x"}]}"""),
        ("/v1/completions", """{"prompt":"x"}"""),
        ("/v1/responses", """{"input":"x"}"""),
        ("/v1/responses", """{"input":"x","store":false}"""),
        ("/v1/responses", """{"input":"x","background":true}"""),
        ("/api/chat", """{"messages":[{"role":"user","content":"x"}]}"""),
        ("/api/generate", """{"prompt":"x"}"""),
        ("/conversations/c2/turns", """{"turnId":"t","text":"x"}"""),
        ("/conversations/c2/listen", """{"text":"x"}"""),
    ];

    private async Task<(string Acme, string Umbra, TestServer Server)> Start(int? requests = null)
    {
        var (acme, keptAcme) = KeySecret.Make("a", KeyRole.Talk, "acme", DateTimeOffset.UnixEpoch);
        var (umbra, keptUmbra) = KeySecret.Make("u", KeyRole.Talk, "umbra", DateTimeOffset.UnixEpoch);
        var server = await TestServer.Start(
            machine: new ScriptedMachine(_folder.Path), keys: new KeyOptions { Fixed = [keptAcme, keptUmbra], TokensPerMinute = 20, RequestsPerMinute = requests });
        return (acme, umbra, server);
    }

    private static async IAsyncEnumerable<DeviceEvent> Breaks()
    {
        for (var i = 0; i < 10; i++)
        {
            await Task.Yield();
            yield return new DeviceText("so ");
        }

        throw new InvalidOperationException("It broke.");
    }

    private static async Task<string> Last(ClientWebSocket socket)
    {
        await socket.Say("""{"type":"response.create","input":"one two"}""");
        while (await socket.Hear() is { } message)
        {
            var e = JsonElement.Parse(message);
            switch (e.GetProperty("type").GetString())
            {
                case "response.completed":
                    return "response.completed";
                case "error":
                    Assert.Equal(429, e.GetProperty("status").GetInt32());
                    var text = e.GetProperty("error").GetProperty("message").GetString()!;
                    return text.Contains("tokens a minute", StringComparison.Ordinal) ? "error tokens a minute" : text.Contains("requests a minute", StringComparison.Ordinal) ? "error requests a minute" : text;
            }
        }

        return "closed";
    }
}
