using System.Net.ServerSentEvents;
using System.Text.Json;
using HybridConversations.Http.Fleet;
using HybridConversations.Http.Tests.Conversations;
using Microsoft.Extensions.DependencyInjection;

namespace HybridConversations.Http.Tests.Fleet;

public sealed class FleetWatchTests
{
    private static readonly DateTimeOffset Then = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task A_device_that_fails_and_one_that_leaves_are_told_with_their_reason()
    {
        await using var server = await TestServer.Start();
        var watch = server.Services.GetRequiredService<FleetWatch>();
        await watch.Look(CancellationToken.None);
        Assert.Equal(("scripted", "serving"), (watch.Last.Devices[0].DeviceId, watch.Last.Devices[0].Condition));
        server.Machine.Model.State = DeviceState.Failed;
        await watch.Look(CancellationToken.None);
        var failed = Assert.Single(watch.Last.Devices);
        Assert.Equal("failed", failed.Condition);
        Assert.NotNull(failed.Why);
        Assert.True(failed.Since > DateTimeOffset.UnixEpoch);
        server.Machine.Model.State = DeviceState.Draining;
        await watch.Look(CancellationToken.None);
        Assert.Equal("drained", watch.Last.Devices[0].Condition);
        server.Machine.Devices = [];
        await watch.Look(CancellationToken.None);
        Assert.Equal("left", Assert.Single(watch.Last.Devices).Condition);
    }

    [Fact]
    public void What_a_device_counts_becomes_a_rate()
    {
        var before = Device(generated: 100, read: 1000);
        var sample = DeviceSample.Of(Device(generated: 160, read: 1400), Then.AddSeconds(2), before, Then);
        Assert.Equal((30.0, 200.0), (sample.TokensPerSecond, sample.ReadPerSecond));

        // A device that has started anew counts from nothing again.
        Assert.Null(DeviceSample.Of(Device(generated: 3, read: 3) with { StartedAt = Then }, Then.AddSeconds(2), before, Then).TokensPerSecond);
        Assert.Null(DeviceSample.Of(before, Then, null, Then).TokensPerSecond);
    }

    [Fact]
    public void Only_who_waits_twice_in_a_row_is_saturated()
    {
        var waiting = Device(waiting: 3);
        Assert.Equal("serving", DeviceCondition.Of(waiting, Device()).Word);
        Assert.Equal("saturated", DeviceCondition.Of(waiting, waiting).Word);
        Assert.Equal("saturated", DeviceCondition.Of(Device(waiting: 16), null).Word);
        Assert.Equal("lost", DeviceCondition.Of(waiting, waiting).Gone().Word);
        Assert.Equal("left", DeviceCondition.Of(waiting with { State = DeviceState.Draining }, null).Gone().Word);
    }

    [Fact]
    public void The_last_minutes_are_thinned_out_and_peaks_stay()
    {
        var track = new DeviceTrack(Device(), Then);
        for (var i = 1; i < 1000; i++)
        {
            track.Seen(Device(generated: 10 * i, waiting: i == 777 ? 9 : 0), Then + (i * FleetWatch.Period));
        }

        var series = track.From(Then, 30, ["tokensPerSecond", "waiting", "temperatureC"]);
        Assert.True(series.At.Count <= 30);
        Assert.Equal(Then.ToUnixTimeSeconds() + (999 * 2), series.At[^1]);
        Assert.Equal(9, series.Series["waiting"].Max());
        Assert.Equal(5.0, series.Series["tokensPerSecond"][3]!.Value, 0.01);
        Assert.All(series.Series["temperatureC"], Assert.Null);
    }

    [Fact]
    public async Task Who_watches_hears_the_fleet_at_once_and_then_each_look()
    {
        await using var server = await TestServer.Start();
        var watch = server.Services.GetRequiredService<FleetWatch>();
        await watch.Look(CancellationToken.None);
        using var response = await server.Http.GetAsync("/fleet/events", HttpCompletionOption.ResponseHeadersRead);
        var versions = new List<long>();
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync())
        {
            Assert.Equal("fleet", item.EventType);
            var look = JsonElement.Parse(item.Data);
            versions.Add(look.GetProperty("version").GetInt64());
            Assert.Equal("ready", look.GetProperty("devices")[0].GetProperty("status").GetProperty("state").GetString());
            if (versions.Count == 3)
            {
                break;
            }

            await watch.Look(CancellationToken.None);
        }

        Assert.Equal(versions.Order(), versions);
        Assert.Equal(versions.Distinct(), versions);
    }

    [Fact]
    public async Task Who_watches_does_not_hold_up_the_end_of_the_server()
    {
        await using var server = await TestServer.Start();
        using var response = await server.Http.GetAsync("/fleet/events", HttpCompletionOption.ResponseHeadersRead);
        await server.Stop().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(0, server.Services.GetRequiredService<FleetWatch>().Watching);
    }

    [Theory]
    [InlineData("series=speed")]
    [InlineData("minutes=0")]
    [InlineData("points=1")]
    [InlineData("points=many")]
    public async Task A_history_that_is_not_kept_is_refused(string query)
    {
        await using var server = await TestServer.Start();
        await TurnRequestTests.Problem(await server.Http.GetAsync("/fleet/history?" + query), 400, "invalid-request");
    }

    private static DeviceStatus Device(long generated = 0, long read = 0, int waiting = 0) => new()
    {
        DeviceId = "jetson-1",
        State = DeviceState.Ready,
        Model = new ModelStatus("m", "h", "d", 1, 1),
        Load = new DeviceLoad(1, waiting, 16, 1, 16, 10, 2048, 0),
        Work = new DeviceWork(generated, read, 0, 0, 0, 0, 0, 0, 0, 0),
    };
}
