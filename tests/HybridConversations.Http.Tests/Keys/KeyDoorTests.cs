using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using HybridConversations.Http.Keys;
using HybridConversations.Tests.Common;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Http.Tests.Keys;

public sealed class KeyDoorTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_a_key_no_address_answers_but_those_that_are_public()
    {
        var (_, kept) = KeySecret.Make("a", KeyRole.Read, "acme", DateTimeOffset.UnixEpoch);
        await using var server = await TestServer.Start(keys: new KeyOptions { Fixed = [kept] });
        var tried = 0;
        foreach (var endpoint in server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var path = "/" + endpoint.RoutePattern.RawText!.TrimStart('/').Replace("{id}", "c1", StringComparison.Ordinal).Replace("{documentName}", "v1", StringComparison.Ordinal).Replace("{**rest}", "x", StringComparison.Ordinal);
            foreach (var method in (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]).Where(method => method != "CONNECT"))
            {
                foreach (var (header, value) in new[] { ("X-Nothing", "x"), ("Authorization", "Bearer hc_aaaaaaaa_" + new string('b', 32)), ("x-api-key", kept.Hash), ("Authorization", "Basic YTpi"), ("Authorization", "Bearer " + kept.Id) })
                {
                    using var request = new HttpRequestMessage(new HttpMethod(method), path);
                    request.Headers.TryAddWithoutValidation(header, value);
                    using var response = await server.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                    var isPublic = method is "GET" or "HEAD" && (path is "/" or "/openapi/v1.json" || path.StartsWith("/dashboard/", StringComparison.Ordinal) || path.StartsWith("/health", StringComparison.Ordinal));
                    Assert.True(isPublic == (response.StatusCode != HttpStatusCode.Unauthorized), $"{method} {path} with {header} answered {(int)response.StatusCode}.");
                    Assert.True(isPublic || response.Headers.WwwAuthenticate.Count > 0);
                    tried++;
                }
            }
        }

        Assert.True(tried > 100, $"Only {tried} ways in were tried.");
        using var nowhere = await server.Http.GetAsync("/nowhere");
        Assert.Equal(HttpStatusCode.Unauthorized, nowhere.StatusCode);
    }

    [Theory]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("Authorization", "bearer ")]
    [InlineData("x-api-key", "")]
    public async Task A_key_lets_in_as_far_as_its_role_goes(string header, string before)
    {
        var (read, keptRead) = KeySecret.Make("r", KeyRole.Read, ApiKey.AllTenants, DateTimeOffset.UnixEpoch);
        var (talk, keptTalk) = KeySecret.Make("t", KeyRole.Talk, ApiKey.AllTenants, DateTimeOffset.UnixEpoch);
        await using var server = await TestServer.Start(keys: new KeyOptions { Fixed = [keptRead, keptTalk] });
        foreach (var (key, method, path, status) in new[]
        {
            (read, "GET", "/fleet", 200), (read, "GET", "/conversations", 200), (read, "POST", "/conversations/c1/interrupt", 403), (read, "DELETE", "/conversations/c1", 403),
            (read, "POST", "/v1/chat/completions", 403), (read, "POST", "/api/chat", 403), (read, "POST", "/v1/responses", 403), (talk, "POST", "/conversations/c1/interrupt", 200),
            (talk, "DELETE", "/conversations/c1", 404), (talk, "GET", "/fleet", 200), (talk, "GET", "/orleans/x", 403), (talk, "GET", "/Orleans/x", 403),
        })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            request.Headers.TryAddWithoutValidation(header, before + key);
            using var response = await server.Http.SendAsync(request);
            Assert.Equal((method, path, status), (method, path, (int)response.StatusCode));
        }
    }

    [Fact]
    public async Task A_websocket_wants_a_key_that_may_talk()
    {
        var (read, keptRead) = KeySecret.Make("r", KeyRole.Read, ApiKey.AllTenants, DateTimeOffset.UnixEpoch);
        var (talk, keptTalk) = KeySecret.Make("t", KeyRole.Talk, ApiKey.AllTenants, DateTimeOffset.UnixEpoch);
        await using var server = await TestServer.Start(keys: new KeyOptions { Fixed = [keptRead, keptTalk] });
        var address = new UriBuilder(server.Address) { Scheme = "ws", Path = "/v1/responses" }.Uri;
        foreach (var key in new[] { null, read, talk + "x" })
        {
            using var refused = new ClientWebSocket();
            refused.Options.SetRequestHeader("Authorization", $"Bearer {key}");
            await Assert.ThrowsAsync<WebSocketException>(() => refused.ConnectAsync(address, CancellationToken.None));
        }

        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {talk}");
        await socket.ConnectAsync(address, CancellationToken.None);
        Assert.Equal(WebSocketState.Open, socket.State);
    }

    [Fact]
    public async Task A_key_that_is_made_or_revoked_counts_without_a_restart_and_a_broken_file_changes_nothing()
    {
        var file = new KeyFile(Path.Combine(_folder.Path, "keys.json"));
        var clock = new VirtualClock();
        using var loggers = new ListLoggerProvider();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(loggers));
        var ring = new KeyRing(new KeyOptions { File = file.Path, Required = true }, new AuditLog(factory), clock, new Microsoft.Extensions.Logging.Abstractions.NullLogger<KeyRing>());
        var (key, kept) = KeySecret.Make("a", KeyRole.Talk, "acme", DateTimeOffset.UnixEpoch);
        Assert.Null(ring.Find(key));
        Assert.True(ring.IsAsked);
        file.Write([kept]);
        Assert.DoesNotContain(key, await File.ReadAllTextAsync(file.Path));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file.Path));
        }

        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("acme", ring.Find(key)?.Tenant);
        await File.WriteAllTextAsync(file.Path, "{ \"keys\": [");
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(ring.Find(key));
        file.Write([]);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(ring.Find(key));
        Assert.True(ring.IsAsked);

        // Whoever changed the file, it is on record who counts and who no more.
        Assert.Equal([$"Key {kept.Id} counts: Talk of tenant acme, 'a'", $"Key {kept.Id} counts no more: Talk of tenant acme, 'a'"], loggers.Entries.Select(entry => entry.Message));
    }

    [Theory]
    [InlineData("GET", "/v1/responses/{response}", "read")]
    [InlineData("GET", "/v1/responses/{response}?stream=true", "read")]
    [InlineData("GET", "/v1/responses/{response}/input_items", "read")]
    [InlineData("GET", "/v1/conversations/{conversation}/items", "read")]
    [InlineData("GET", "/v1/conversations/{conversation}/items/{item}", "read")]
    [InlineData("GET", "/conversations/{conversation}", "read")]
    [InlineData("DELETE", "/v1/responses/{response}", "deleted")]
    [InlineData("DELETE", "/v1/conversations/{conversation}/items/{item}", "deleted")]
    [InlineData("DELETE", "/v1/conversations/{conversation}", "deleted")]
    [InlineData("DELETE", "/conversations/{conversation}", "deleted")]
    public async Task Who_reads_or_deletes_what_was_said_is_on_record_at_every_address(string method, string path, string action)
    {
        var (key, kept) = KeySecret.Make("a", KeyRole.Talk, "acme", DateTimeOffset.UnixEpoch);
        await using var server = await TestServer.Start(machine: new ScriptedMachine(_folder.Path), keys: new KeyOptions { Fixed = [kept] });
        var conversation = JsonElement.Parse(await (await Post(server, "/v1/conversations", key, "{}")).Content.ReadAsStringAsync()).GetProperty("id").GetString()!;
        var said = JsonElement.Parse(await (await Post(server, "/v1/responses", key, $$"""{"input":"hi","conversation":"{{conversation}}"}""")).Content.ReadAsStringAsync());
        var (response, item) = (said.GetProperty("id").GetString()!, said.GetProperty("output")[0].GetProperty("id").GetString()!);
        using var request = new HttpRequestMessage(new HttpMethod(method), path.Replace("{response}", response, StringComparison.Ordinal).Replace("{conversation}", conversation, StringComparison.Ordinal).Replace("{item}", item, StringComparison.Ordinal))
        {
            Headers = { { "x-api-key", key } },
        };
        using var answer = await server.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var did = Assert.Single(server.Log.Entries, entry => entry.Message.StartsWith($"Key {kept.Id} {action} ", StringComparison.Ordinal));
        var what = path.Split('/', '?').Last(part => part.StartsWith('{')) switch
        {
            "{response}" => response,
            "{item}" => item,
            _ => conversation,
        };
        Assert.Contains(what, did.Message);
    }

    [Fact]
    public async Task Beyond_its_rate_a_tenant_is_told_when_to_come_again_and_others_are_not()
    {
        var (one, keptOne) = KeySecret.Make("1", KeyRole.Read, "one", DateTimeOffset.UnixEpoch);
        var (two, keptTwo) = KeySecret.Make("2", KeyRole.Read, "two", DateTimeOffset.UnixEpoch);
        await using var server = await TestServer.Start(keys: new KeyOptions { Fixed = [keptOne, keptTwo], RequestsPerMinute = 5 });
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await Get(server, "/fleet", one)).StatusCode);
        }

        using var refused = await Get(server, "/fleet", one);
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal(HttpStatusCode.OK, (await Get(server, "/fleet", two)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("/health/live")).StatusCode);
    }

    [Fact]
    public async Task Keys_stay_out_of_the_log_and_what_was_done_is_in_it()
    {
        var (key, kept) = KeySecret.Make("a", KeyRole.Talk, ApiKey.AllTenants, DateTimeOffset.UnixEpoch);
        await using var server = await TestServer.Start(keys: new KeyOptions { Fixed = [kept] });
        server.Machine.Script["c1"].History = new ConversationPage("c1", null, [], null);
        (await Get(server, "/conversations/c1", key)).Dispose();
        using (var delete = new HttpRequestMessage(HttpMethod.Delete, "/conversations/c1") { Headers = { { "x-api-key", key } } })
        {
            (await server.Http.SendAsync(delete)).Dispose();
        }

        (await Get(server, "/conversations", key + "wrong")).Dispose();
        var log = string.Join('\n', server.Log.Entries.Select(entry => entry.Message));
        Assert.Contains($"Key {kept.Id} read c1", log);
        Assert.Contains($"Key {kept.Id} deleted c1", log);
        Assert.Contains("Refused GET /conversations: unknown key", log);
        Assert.DoesNotContain(key[12..], log);

        // A key that somebody writes into an address.
        Assert.DoesNotContain(key[12..], LogText.Of($"/conversations/{key}"));
        Assert.DoesNotContain("0123456789", LogText.Of("sk-abcdefgh0123456789"));
    }

    [Fact]
    public async Task Every_answer_has_the_headers_that_browsers_want()
    {
        await using var server = await TestServer.Start();
        foreach (var path in new[] { "/", "/fleet", "/nowhere" })
        {
            using var response = await server.Http.GetAsync(path);
            Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
            Assert.Equal("DENY", Assert.Single(response.Headers.GetValues("X-Frame-Options")));
            Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        }
    }

    internal static async Task<HttpResponseMessage> Get(TestServer server, string path, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {key}");
        return await server.Http.SendAsync(request);
    }

    internal static async Task<HttpResponseMessage> Post(TestServer server, string path, string key, string json)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json"), Headers = { { "x-api-key", key } } };
        return await server.Http.SendAsync(request);
    }
}
