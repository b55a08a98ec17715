using System.Net;
using System.Net.Http.Headers;

namespace HybridConversations.EndToEnd.Tests.Observability;

/// <summary>Who may look at the metrics, which tell of all tenants.</summary>
public sealed class MetricsDoorTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("hc-metrics-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Metrics_want_a_key_that_sees_all_tenants()
    {
        const string All = "all-0123456789-0123456789", Acme = "acme-0123456789-0123456789";
        await using var server = await ServerProcess.Start(_data, "--warm-up", "off", "--api-keys", $"read:*:{All};admin:acme:{Acme}");
        Assert.Equal(HttpStatusCode.Unauthorized, await Ask(null));
        Assert.Equal(HttpStatusCode.Forbidden, await Ask(Acme));
        Assert.Equal(HttpStatusCode.OK, await Ask(All));

        async Task<HttpStatusCode> Ask(string? key)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "metrics");
            request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
            using var answer = await server.Http.SendAsync(request);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task Metrics_can_be_turned_off()
    {
        await using var server = await ServerProcess.Start(_data, "--warm-up", "off", "--metrics", "off");
        using var answer = await server.Http.GetAsync("metrics");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }
}
