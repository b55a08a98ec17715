using HybridConversations.Http.Keys;

namespace HybridConversations.Cli.Tests.Commands;

/// <summary><c>hc doctor --url</c>: how a running server is.</summary>
public sealed class DoctorServerTests
{
    [Fact]
    public async Task A_server_that_runs_is_well_and_its_cloud_is_told_of()
    {
        await using var server = await TestServer.Start();
        var run = await HcProcess.Run("doctor", "--url", server.Address.ToString());
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.All((string[])["answers in", "turns are welcome", "device scripted", "Its circuit is open.", "Ready to talk: hc chat --url"], text => Assert.Contains(text, run.Output));
    }

    [Fact]
    public async Task A_device_that_hangs_and_a_queue_that_is_full_are_told_with_what_to_do()
    {
        await using var server = await TestServer.Start();
        var status = await server.Machine.Model.Status();
        server.Machine.Devices =
        [
            status with { DeviceId = "jetson-1", State = DeviceState.Hanging },
            status with { DeviceId = "jetson-2", Load = status.Load with { Waiting = status.Load.QueueLimit } },
            status with { DeviceId = "jetson-3", Sensors = new MachineSensors(95, 20, true) },
        ];
        var run = await HcProcess.Run("doctor", "--url", server.Address.ToString());
        Assert.Equal(1, run.ExitCode);
        Assert.Matches("missing +device jetson-1 +hanging", run.Output);
        Assert.Matches("note +device jetson-2 +its queue is half full", run.Output);
        Assert.Matches("note +device jetson-3 +slowed down", run.Output);
    }

    [Fact]
    public async Task A_key_that_is_missing_is_told_once_for_each_place_that_wants_it()
    {
        var (key, kept) = KeySecret.Make("test", KeyRole.Read, ApiKey.AllTenants, DateTimeOffset.UnixEpoch);
        await using var server = await TestServer.Start(keys: new KeyOptions { Fixed = [kept] });
        var without = await HcProcess.Run("doctor", "--url", server.Address.ToString());
        Assert.Equal(1, without.ExitCode);
        Assert.Contains("Give a key: HC_KEY or --key.", without.Output);
        Assert.Equal(0, (await HcProcess.Run("doctor", "--url", server.Address.ToString(), "--key", key)).ExitCode);
    }

    [Fact]
    public async Task Nobody_there_is_told_in_one_finding()
    {
        var run = await HcProcess.Run("doctor", "--url", "http://127.0.0.1:1");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("does not answer", run.Output);
        Assert.Contains("1 essential thing is missing.", run.Output);
    }
}
