using System.IO.Compression;
using System.Text;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.Tests.Requests;

/// <summary>What holds for every address: ids of requests, HEAD, encoded bodies.</summary>
public sealed class RequestHeaderTests
{
    [Theory]
    [InlineData("abc-123", true)]
    [InlineData("req_0af7651916cd43dd8448eb211c80319c", true)]
    [InlineData("with space", false)]
    [InlineData("<script>", false)]
    [InlineData("", false)]
    public async Task A_sane_id_of_the_caller_is_kept_and_any_other_replaced(string given, bool isKept)
    {
        await using var server = await TestServer.Start();
        foreach (var path in (string[])["/v1/models", "/nowhere", "/health/live", "/api/version"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.TryAddWithoutValidation(RequestIds.Header, given);
            using var response = await server.Http.SendAsync(request);
            var id = response.Headers.GetValues(RequestIds.Header).Single();
            Assert.Equal(isKept, id == given);
            Assert.Matches("^[A-Za-z0-9_.:-]{1,128}$", id);
        }
    }

    [Fact]
    public async Task Streams_and_refusals_carry_an_id_too_and_a_fault_names_it()
    {
        await using var server = await TestServer.Start();
        using var stream = await server.Post("/v1/chat/completions", """{"stream":true,"messages":[{"role":"user","content":"x"}]}""");
        Assert.StartsWith("req_", stream.Headers.GetValues(RequestIds.Header).Single());
        server.Machine.Model.Reply = (_, _) => throw new InvalidOperationException("a secret");
        using var fault = await server.Post("/v1/chat/completions", """{"messages":[{"role":"user","content":"x"}]}""");
        var text = await fault.Content.ReadAsStringAsync();
        Assert.Contains(fault.Headers.GetValues(RequestIds.Header).Single(), text);
        Assert.DoesNotContain("secret", text);
        Assert.Contains(server.Log.Entries, entry => entry.Message.Contains(fault.Headers.GetValues(RequestIds.Header).Single(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/health")]
    [InlineData("/health/ready")]
    [InlineData("/v1/models")]
    [InlineData("/api/tags")]
    [InlineData("/api/version")]
    [InlineData("/conversations")]
    [InlineData("/fleet")]
    [InlineData("/openapi/v1.json")]
    public async Task Head_gets_the_head_of_get(string path)
    {
        await using var server = await TestServer.Start();
        using var get = await server.Http.GetAsync(path);
        using var head = await server.Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, path));
        Assert.Equal((get.StatusCode, get.Content.Headers.ContentType), (head.StatusCode, head.Content.Headers.ContentType));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("/v1/chat/completions", "gzip")]
    [InlineData("/v1/responses", "br")]
    [InlineData("/conversations/c1/turns", "deflate")]
    [InlineData("/api/chat", "gzip, gzip")]
    public async Task An_encoded_body_is_refused_with_what_to_do(string path, string encoding)
    {
        await using var server = await TestServer.Start();
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            await gzip.WriteAsync("""{"model":"m"}"""u8.ToArray());
        }

        using var content = new ByteArrayContent(packed.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        using var response = await server.Http.PostAsync(path, content);
        Assert.Equal(415, (int)response.StatusCode);
        Assert.Contains("without Content-Encoding", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Identity_is_no_encoding()
    {
        await using var server = await TestServer.Start();
        using var content = new StringContent("""{"messages":[{"role":"user","content":"x"}]}""", Encoding.UTF8, "application/json");
        content.Headers.ContentEncoding.Add("identity");
        using var response = await server.Http.PostAsync("/v1/chat/completions", content);
        Assert.True(response.IsSuccessStatusCode);
    }
}
