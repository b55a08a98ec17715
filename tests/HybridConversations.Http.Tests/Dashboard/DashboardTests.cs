using System.Net;
using HybridConversations.Tests.Common;

namespace HybridConversations.Http.Tests.Dashboard;

public sealed class DashboardTests
{
    public static TheoryData<string> Files => [.. Directory.GetFiles(Path.Combine(RepositoryFiles.Root, "src", "HybridConversations.Http", "Dashboard", "Web")).Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_file_of_it_is_there_and_takes_nothing_from_elsewhere(string file)
    {
        await using var server = await TestServer.Start();
        using var response = await server.Http.GetAsync(file == "index.html" ? "/" : "/dashboard/" + file);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Path.GetExtension(file) switch { ".html" => "text/html", ".css" => "text/css", _ => "text/javascript" }, response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("default-src 'none'", string.Join(' ', response.Headers.GetValues("Content-Security-Policy")));
        var text = await response.Content.ReadAsStringAsync();
        Assert.NotEmpty(text);
        Assert.DoesNotMatch("(src|href)=\"https?:|url\\(https?:|import .*https?:|fetch\\(.https?:", text);
        Assert.DoesNotContain("innerHTML", text);
        Assert.DoesNotContain("outerHTML", text);
        Assert.DoesNotContain("insertAdjacentHTML", text);
    }

    [Fact]
    public async Task A_browser_that_has_it_gets_it_once_only()
    {
        await using var server = await TestServer.Start();
        using var first = await server.Http.GetAsync("/");
        using var again = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "If-None-Match", first.Headers.ETag!.ToString() } } };
        using var response = await server.Http.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, response.StatusCode);
    }
}
