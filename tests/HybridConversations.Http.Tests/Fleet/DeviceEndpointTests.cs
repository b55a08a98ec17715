using System.Net;
using HybridConversations.Http.Keys;
using HybridConversations.Http.Tests.Conversations;

namespace HybridConversations.Http.Tests.Fleet;

public sealed class DeviceEndpointTests
{
    [Fact]
    public async Task A_device_is_asked_to_hold_back_for_a_while_and_to_go_on()
    {
        await using var server = await TestServer.Start();
        foreach (var body in new[] { """{"seconds": 2.5}""", "{}", "" })
        {
            using var response = await server.Post("/devices/scripted/yield", body);
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        }

        using var end = await server.Http.DeleteAsync(new Uri("/devices/scripted/yield", UriKind.Relative));
        Assert.Equal(HttpStatusCode.NoContent, end.StatusCode);
        Assert.Equal([2.5, 5, 5, 0], server.Machine.Yields.Select(asked => asked.Time.TotalSeconds));
    }

    [Theory]
    [InlineData("scripted", """{"seconds": 61}""", 400, "invalid-request")]
    [InlineData("scripted", """{"seconds": -1}""", 400, "invalid-request")]
    [InlineData("scripted", """{"seconds": "long"}""", 400, "invalid-request")]
    [InlineData("nobody", "{}", 404, "not-found")]
    public async Task What_cannot_be_asked_is_refused(string device, string body, int status, string code)
    {
        await using var server = await TestServer.Start();
        using var response = await server.Post($"/devices/{device}/yield", body);
        await TurnRequestTests.Problem(response, status, code);
        Assert.Empty(server.Machine.Yields);
    }

    [Fact]
    public async Task Who_may_only_look_and_a_tenant_may_not_slow_others_down()
    {
        var (read, keptRead) = KeySecret.Make("r", KeyRole.Read, ApiKey.AllTenants, DateTimeOffset.UnixEpoch);
        var (talk, keptTalk) = KeySecret.Make("t", KeyRole.Talk, ApiKey.AllTenants, DateTimeOffset.UnixEpoch);
        var (tenant, keptTenant) = KeySecret.Make("o", KeyRole.Admin, "one", DateTimeOffset.UnixEpoch);
        await using var server = await TestServer.Start(keys: new KeyOptions { Fixed = [keptRead, keptTalk, keptTenant] });
        foreach (var (key, status) in new[] { (read, 403), (tenant, 403), (talk, 204) })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/devices/scripted/yield");
            request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
            using var response = await server.Http.SendAsync(request);
            Assert.Equal(status, (int)response.StatusCode);
        }

        Assert.Single(server.Machine.Yields);
    }
}
