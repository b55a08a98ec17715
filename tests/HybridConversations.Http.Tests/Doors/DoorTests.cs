using System.Net;
using HybridConversations.Http.Doors;
using HybridConversations.Http.Tests.Conversations;

namespace HybridConversations.Http.Tests.Doors;

public sealed class DoorTests
{
    public static TheoryData<string> Addresses => ["/conversations", "/health/live", "/fleet", "/v1/models", "/", "/openapi/v1.json", "/nowhere"];

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task A_strangers_host_name_gets_nothing_from_a_loopback_address(string path)
    {
        await using var server = await TestServer.Start();
        using var response = await Get(server, path, "evil.example:5080");
        Assert.Equal(HttpStatusCode.MisdirectedRequest, response.StatusCode);
        Assert.Contains("unknown-host", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:80")]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]:5080")]
    [InlineData("chat.localhost")]
    [InlineData("192.168.1.7:5080")]
    public async Task Its_own_names_are_known(string host)
    {
        await using var server = await TestServer.Start();
        using var response = await Get(server, "/health/live", host);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Allowed_names_are_known_too()
    {
        await using var server = await TestServer.Start(doors: new DoorOptions { AllowedHosts = ["chat.example.org", "*.lan"] });
        foreach (var (host, status) in new[] { ("chat.example.org", 200), ("jetson.lan", 200), ("example.org", 421), ("lan", 421), ("evillan", 421) })
        {
            using var response = await Get(server, "/health/live", host);
            Assert.Equal((host, status), (host, (int)response.StatusCode));
        }
    }

    [Theory]
    [InlineData("POST", "/conversations/c1/interrupt", "https://evil.example")]
    [InlineData("POST", "/conversations/c1/turns", "null")]
    [InlineData("DELETE", "/conversations/c1", "http://127.0.0.1")]
    [InlineData("POST", "/v1/chat/completions", "http://localhost.evil.example")]
    public async Task A_foreign_page_can_send_nothing(string method, string path, string origin)
    {
        await using var server = await TestServer.Start();
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Headers = { { "Origin", origin } } };
        using var response = await server.Http.SendAsync(request);
        Assert.Contains("foreign-origin", await response.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Empty(server.Machine.Script["c1"].Turns);
        Assert.Empty(server.Machine.Script["c1"].Interrupts);
    }

    [Fact]
    public async Task Its_own_page_and_programs_send_as_before()
    {
        await using var server = await TestServer.Start();
        foreach (var origin in new[] { server.Address.GetLeftPart(UriPartial.Authority), null })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/conversations/c1/interrupt");
            if (origin is not null)
            {
                request.Headers.Add("Origin", origin);
            }

            using var response = await server.Http.SendAsync(request);
            Assert.True(response.IsSuccessStatusCode);
        }
    }

    [Fact]
    public async Task An_allowed_origin_may_ask_first_and_then_send()
    {
        await using var server = await TestServer.Start(doors: new DoorOptions { AllowedOrigins = ["https://app.example.org"] });
        using var ask = new HttpRequestMessage(HttpMethod.Options, "/conversations/c1/turns")
        {
            Headers = { { "Origin", "https://app.example.org" }, { "Access-Control-Request-Method", "POST" }, { "Access-Control-Request-Headers", "content-type" } },
        };
        using var answer = await server.Http.SendAsync(ask);
        Assert.Equal("https://app.example.org", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
        using var send = new HttpRequestMessage(HttpMethod.Post, "/conversations/c1/interrupt") { Headers = { { "Origin", "https://app.example.org" } } };
        using var sent = await server.Http.SendAsync(send);
        Assert.True(sent.IsSuccessStatusCode);
        Assert.True(sent.Headers.Contains("Access-Control-Allow-Origin"));
        using var other = new HttpRequestMessage(HttpMethod.Post, "/conversations/c1/interrupt") { Headers = { { "Origin", "https://evil.example" } } };
        await TurnRequestTests.Problem(await server.Http.SendAsync(other), 403, "foreign-origin");
    }

    private static async Task<HttpResponseMessage> Get(TestServer server, string path, string host)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = host } };
        return await server.Http.SendAsync(request);
    }
}
