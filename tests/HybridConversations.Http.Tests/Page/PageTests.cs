using System.Net;

namespace HybridConversations.Http.Tests.Page;

public sealed class PageTests
{
    [Theory]
    [InlineData("/", "text/html", "<title>HybridConversations</title>")]
    [InlineData("/page.css", "text/css", "color-scheme")]
    [InlineData("/page.js", "text/javascript", "server-sent event")]
    public async Task The_page_is_there_and_takes_nothing_from_elsewhere(string path, string type, string content)
    {
        await using var server = await TestServer.Start();
        using var response = await server.Http.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("default-src 'none'", string.Join(' ', response.Headers.GetValues("Content-Security-Policy")));
        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains(content, text);
        Assert.DoesNotContain("://", text);
    }
}
