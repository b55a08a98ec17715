using System.Diagnostics;
using HybridConversations.Client;
using HybridConversations.Tests.Common;
using Xunit.Abstractions;

namespace HybridConversations.Cluster.Tests.Processes;

/// <summary>Real hc join processes with the demo model, over a real Redis.</summary>
public sealed class FleetProcessTests(ITestOutputHelper output)
{
    private const int People = 60;

    [SkippableFact]
    public async Task A_fleet_loses_and_doubles_nothing_while_devices_die_drain_and_join_and_Redis_restarts()
    {
        using var redis = await RedisServer.Start();
        var data = Directory.CreateTempSubdirectory("hc-fleet-");
        var silos = new List<SiloProcess>();
        try
        {
            SiloProcess Launch(string name, bool device = true)
            {
                var silo = SiloProcess.Launch(name, device, redis, data.FullName);
                silos.Add(silo);
                return silo;
            }

            var first = Launch("jetson-1");
            await first.Ready();
            var (second, third, gateway) = (Launch("jetson-2"), Launch("jetson-3"), Launch("gateway", device: false));
            await Task.WhenAll(second.Ready(), third.Ready(), gateway.Ready());
            using var atGateway = HttpConversations.CreateClient(gateway.Url);
            using var atThird = HttpConversations.CreateClient(third.Url);
            await using var people = new Talkers([new HttpConversations(atGateway), new HttpConversations(atThird)], People);
            people.Start();
            output.WriteLine($"{People} people answered by three devices after {await people.EveryoneIsAnswered()}");

            first.Kill();
            output.WriteLine($"everyone is answered after SIGKILL of one device: {await people.EveryoneIsAnswered()}");
            var before = people.Turns;

            var fourth = Launch("jetson-4");
            await fourth.Ready();
            await Eventually.Holds(() => Answered(atGateway, "new", "jetson-4"), () => "the device that joined answers someone");
            output.WriteLine($"everyone is answered with the device that joined: {await people.EveryoneIsAnswered()}");

            var began = Stopwatch.GetTimestamp();
            var drain = await SiloProcess.Run("drain", "--device", "jetson-2", "--redis", redis.Endpoint);
            Assert.True(drain.Code == 0, drain.Output);
            Assert.Contains("'jetson-2' is drained.", drain.Output);
            output.WriteLine($"a device was drained in {Stopwatch.GetElapsedTime(began)}");
            await second.Exited();
            Assert.True(second.ExitCode == 0, second.Log);
            output.WriteLine($"and had left after {Stopwatch.GetElapsedTime(began)}");
            output.WriteLine($"everyone is answered after a drain: {await people.EveryoneIsAnswered()}");

            await redis.Restart();
            output.WriteLine($"everyone is answered after Redis restarted: {await people.EveryoneIsAnswered()}");
            await people.Stop();

            output.WriteLine($"{people.Turns} turns, {people.Turns - before} after the kill; {people.Problems.Count()} refusals: "
                + string.Join(", ", people.Problems.GroupBy(p => p.Code).Select(g => $"{g.Count()} {g.Key}")));
            Assert.Empty(people.Broken);
            await people.CheckHistories(new HttpConversations(atGateway));
        }
        finally
        {
            await Task.WhenAll(silos.Select(silo => silo.DisposeAsync().AsTask()));
            data.Delete(true);
        }
    }

    [SkippableFact]
    public async Task Only_who_has_a_certificate_and_the_token_joins_and_Redis_has_a_password()
    {
        const string Token = "a token of at least sixteen characters";
        using var redis = await RedisServer.Start("--requirepass secret");
        var data = Directory.CreateTempSubdirectory("hc-fleet-");
        using var certificates = new TestCertificates();
        string[] Member(string name, string token) =>
            ["--redis-password", "secret", "--join-token", token, "--tls-ca", certificates.Authority, "--tls-cert", certificates.Of(name).Certificate, "--tls-key", certificates.Of(name).Key];
        try
        {
            await using var device = SiloProcess.Launch("jetson-1", true, redis, data.FullName, Member("jetson-1", Token));
            await device.Ready();
            await using var gateway = SiloProcess.Launch("gateway", false, redis, data.FullName, Member("gateway", Token));
            await gateway.Ready();
            using var http = HttpConversations.CreateClient(gateway.Url);
            using var dashboard = await http.GetAsync(new Uri(gateway.Url, "/orleans/"));
            Assert.True(dashboard.IsSuccessStatusCode, $"{dashboard.StatusCode}: {gateway.Log}");
            Assert.Contains("<html", await dashboard.Content.ReadAsStringAsync());
            Assert.Contains("jetson-1", await http.GetStringAsync(new Uri(gateway.Url, "/orleans/DashboardCounters")));
            var reply = await new HttpConversations(http).Get("secured").Whole("My name is Ada.");
            Assert.NotEmpty(reply.Text);

            var stranger = await SiloProcess.Run(["drain", "--connect-seconds", "5", "--device", "jetson-1", "--redis", redis.Endpoint, .. Member("stranger", Token + "!")]);
            Assert.NotEqual(0, stranger.Code);
            var foreign = new TestCertificates();
            using (foreign)
            {
                var (certificate, key) = foreign.Of("foreign");
                var refused = await SiloProcess.Run("drain", "--connect-seconds", "5", "--device", "jetson-1", "--redis", redis.Endpoint, "--redis-password", "secret", "--join-token", Token,
                    "--tls-ca", certificates.Authority, "--tls-cert", certificate, "--tls-key", key);
                Assert.NotEqual(0, refused.Code);
            }

            Assert.Equal(TurnState.Completed, (await new HttpConversations(http).Get("secured").History()).Single().State);
            var drain = await SiloProcess.Run(["drain", "--device", "jetson-1", "--redis", redis.Endpoint, .. Member("operator", Token)]);
            Assert.True(drain.Code == 0, drain.Output);
        }
        finally
        {
            data.Delete(true);
        }
    }

    [SkippableFact]
    public async Task A_device_whose_mapped_model_is_cut_off_says_so_and_ends_to_be_started_anew()
    {
        using var redis = await RedisServer.Start();
        using var folder = new TemporaryFolder();
        var model = folder.File("model.gguf");
        File.Copy(RepositoryFiles.DemoModel, model);
        await using var device = SiloProcess.Launch("jetson-1", true, redis, folder.Path, "--model", model, "--mmap", "on", "--warm-up", "off");
        await device.Ready();
        using (var cut = Process.Start("truncate", ["-s", "4096", model]))
        {
            await cut.WaitForExitAsync();
        }

        await device.Exited();
        Assert.True(device.ExitCode == 1, $"{device.ExitCode}: {device.Log}");
        Assert.Contains("was changed while it was served", device.Log, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_Redis_that_is_not_there_or_refuses_is_told_in_a_sentence()
    {
        using var redis = await RedisServer.Start("--requirepass secret");
        var nowhere = $"127.0.0.1:{RedisServer.FreePort()}";
        var runs = await Task.WhenAll(
            SiloProcess.Run("join", "--no-device", "--urls", "http://127.0.0.1:0", "--redis-timeout-ms", "1000", "--log", "error", "--redis", nowhere),
            SiloProcess.Run("join", "--no-device", "--urls", "http://127.0.0.1:0", "--log", "error", "--redis", redis.Endpoint),
            SiloProcess.Run("fleet", "status", "--redis-timeout-ms", "1000", "--redis", nowhere));
        Assert.All(runs, run => Assert.Equal(1, run.Code));
        Assert.Contains($"hc: Redis at {nowhere} cannot be reached", runs[0].Output);
        Assert.Contains($"hc: Redis at {redis.Endpoint} does not let this process in: check HC_REDIS_PASSWORD", runs[1].Output);
        Assert.Contains($"hc fleet status: Redis at {nowhere} cannot be reached", runs[2].Output);
    }

    [SkippableFact]
    public async Task Wrong_settings_are_told_all_at_once()
    {
        Skip.IfNot(RedisServer.IsHere, "redis-server is not here (apt-get install redis-server)");
        var (code, output) = await SiloProcess.Run("join", "--redis", "nowhere", "--join-token", "short", "--probe-ms", "1");
        Assert.Equal(2, code);
        Assert.Contains("needs the id of its device", output);
        Assert.Contains("HOST:PORT", output);
        Assert.Contains("at least 16", output);
        Assert.Contains("--probe-ms", output);
    }

    /// <summary>Opens a new conversation and looks who answered.</summary>
    private static async Task<bool> Answered(HttpClient http, string prefix, string device)
    {
        var conversation = new HttpConversations(http).Get($"{prefix}-{Guid.NewGuid():N}");
        try
        {
            await conversation.Whole("Hello.");
            return (await conversation.History())[0].AnsweredBy == device;
        }
        catch (ProblemException)
        {
            return false;
        }
    }
}
