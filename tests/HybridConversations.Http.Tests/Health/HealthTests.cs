using System.Net;
using HybridConversations.Http.Hosting;
using HybridConversations.Http.Tests.Conversations;
using Microsoft.Extensions.DependencyInjection;

namespace HybridConversations.Http.Tests.Health;

public sealed class HealthTests
{
    [Fact]
    public async Task Live_at_once_and_ready_when_the_model_is_loaded()
    {
        var loaded = new TaskCompletionSource();
        await using var server = await TestServer.Start(loading: _ => loaded.Task);
        Assert.Equal("""{"status":"live"}""", await server.Http.GetStringAsync("/health/live"));
        using (var early = await server.Http.GetAsync("/health/ready"))
        {
            Assert.Contains("being loaded", (await TurnRequestTests.Problem(early, 503, "not-ready")).GetProperty("detail").GetString());
            Assert.NotNull(early.Headers.RetryAfter);
        }

        using (var turn = await server.Post("/conversations/c1/turns", """{"turnId":"t1","text":"hi"}"""))
        {
            await TurnRequestTests.Problem(turn, 503, "not-ready");
        }

        loaded.SetResult();
        await server.Services.GetRequiredService<MachineHost>().Started;
        Assert.Equal("""{"status":"ready"}""", await server.Http.GetStringAsync("/health/ready"));
    }

    [Fact]
    public async Task Neither_live_nor_ready_while_the_engine_hangs()
    {
        await using var server = await TestServer.Start();
        server.Machine.HangingSince = new DateTimeOffset(2026, 11, 26, 1, 2, 3, TimeSpan.Zero);
        using var response = await server.Http.GetAsync("/health/live");
        Assert.Contains("engine step hanging since 2026-11-26T01:02:03Z", (await TurnRequestTests.Problem(response, 503, "not-ready")).GetProperty("detail").GetString());
        server.Machine.HangingSince = null;
        Assert.Equal("""{"status":"live"}""", await server.Http.GetStringAsync("/health/live"));
    }

    [Fact]
    public async Task Not_ready_while_the_device_drains()
    {
        await using var server = await TestServer.Start();
        server.Machine.Model.State = DeviceState.Draining;
        using var response = await server.Http.GetAsync("/health/ready");
        Assert.Contains("draining", (await TurnRequestTests.Problem(response, 503, "not-ready")).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_machine_that_cannot_start_ends_the_server_and_leaves_the_reason()
    {
        await using var server = await TestServer.Start(loading: _ => throw new ProblemException(ProblemCodes.InvalidRequest("That is no model.")));
        var host = server.Services.GetRequiredService<MachineHost>();
        await host.Started;
        Assert.Equal("That is no model.", host.Failure?.Message);
        Assert.True(server.Services.GetRequiredService<Microsoft.Extensions.Hosting.IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
    }

    [Fact]
    public async Task Heads_are_answered_too()
    {
        await using var server = await TestServer.Start();
        using var request = new HttpRequestMessage(HttpMethod.Head, "/health/ready");
        using var response = await server.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
