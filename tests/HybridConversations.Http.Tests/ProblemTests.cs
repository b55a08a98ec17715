using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using HybridConversations.Http.Tests.Conversations;

namespace HybridConversations.Http.Tests;

public sealed class ProblemTests
{
    private const string Turns = "/conversations/c1/turns";

    public static TheoryData<string, string, int, string> Routes => new()
    {
        { "GET", "/nowhere", 404, "not-found" },
        { "GET", "/conversations/c1/turns/t1", 404, "not-found" },
        { "PUT", "/conversations", 405, "method-not-allowed" },
        { "GET", "/conversations/c1/turns", 405, "method-not-allowed" },
        { "POST", "/health/live", 405, "method-not-allowed" },
    };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task What_is_not_there_gets_a_problem(string method, string path, int status, string code)
    {
        await using var server = await TestServer.Start();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var response = await server.Http.SendAsync(request);
        await TurnRequestTests.Problem(response, status, code);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    public async Task A_body_that_is_declared_as_something_else_is_415(string type)
    {
        await using var server = await TestServer.Start();
        using var content = new ByteArrayContent("""{"turnId":"t1","text":"hi"}"""u8.ToArray());
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using var response = await server.Http.PostAsync(Turns, content);
        await TurnRequestTests.Problem(response, 415, "unsupported-media-type");
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=UTF-8")]
    [InlineData("application/vnd.api+json")]
    [InlineData(null)]
    public async Task Json_by_any_name_or_none_is_taken(string? type)
    {
        await using var server = await TestServer.Start();
        using var content = new ByteArrayContent("\uFEFF{\"turnId\":\"t1\",\"text\":\"hi\"}"u8.ToArray());
        content.Headers.ContentType = type is null ? null : MediaTypeHeaderValue.Parse(type);
        using var response = await server.Http.PostAsync(Turns, content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Bytes_that_are_no_utf8_are_told_with_their_position()
    {
        await using var server = await TestServer.Start();
        byte[] body = [.. """{"turnId":"t1","text":"h"""u8, 0xC3, 0x28, .. "\"}"u8];
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await server.Http.PostAsync(Turns, content);
        Assert.Contains("byte 24 (0xC3)", (await TurnRequestTests.Problem(response, 400, "invalid-request")).GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ten_megabytes_are_413_and_the_server_goes_on(bool chunked)
    {
        await using var server = await TestServer.Start();
        var body = Encoding.UTF8.GetBytes($$"""{"turnId":"t1","text":"{{new string('x', 10_000_000)}}"}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, Turns) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TransferEncodingChunked = chunked;
        using var response = await server.Http.SendAsync(request);
        var problem = await TurnRequestTests.Problem(response, 413, "body-too-large");
        Assert.Contains("1048576 bytes", problem.GetProperty("detail").GetString());

        using var next = await server.Post(Turns, """{"turnId":"t1","text":"hi"}""");
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Fact]
    public async Task The_api_describes_itself()
    {
        await using var server = await TestServer.Start();
        var document = JsonElement.Parse(await server.Http.GetStringAsync("/openapi/v1.json"));
        var paths = document.GetProperty("paths");
        foreach (var path in new[]
        {
            "/conversations", "/conversations/{id}", "/conversations/{id}/turns", "/conversations/{id}/interrupt", "/conversations/{id}/turns/{turnId}/feedback", "/conversations/{id}/listen",
            "/v1/chat/completions", "/v1/models", "/v1/models/{id}", "/health/live", "/health/ready", "/fleet",
        })
        {
            Assert.True(paths.TryGetProperty(path, out _), path);
        }

        Assert.True(document.GetProperty("components").GetProperty("schemas").GetProperty("TurnBody").GetProperty("properties").TryGetProperty("turnId", out _));
        Assert.Equal("HybridConversations", document.GetProperty("info").GetProperty("title").GetString());
    }

    [Fact]
    public async Task The_fleet_is_there_to_see()
    {
        await using var server = await TestServer.Start();
        var fleet = JsonElement.Parse(await server.Http.GetStringAsync("/fleet"));
        Assert.Equal("ready", fleet.GetProperty("devices")[0].GetProperty("state").GetString());
        Assert.Equal(16, fleet.GetProperty("devices")[0].GetProperty("load").GetProperty("queueLimit").GetInt32());
        Assert.Equal("Its circuit is open.", fleet.GetProperty("escalations")[0].GetProperty("reason").GetString());
    }
}
