using System.Globalization;
using HybridConversations.Client;
using Xunit.Abstractions;

namespace HybridConversations.Cluster.Tests.Processes;

/// <summary>
/// An hour of a fleet in short: while people talk, one thing after another happens to it, drawn from a seed. <c>HC_HOUR_SECONDS</c> makes it longer,
/// <c>HC_HOUR_SEED</c> draws anew.
/// </summary>
public sealed class HourInShortTests(ITestOutputHelper output)
{
    private const int People = 16;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(FromEnvironment("HC_HOUR_SECONDS", 45));
    private static readonly int Seed = FromEnvironment("HC_HOUR_SEED", 4711);

    [SkippableFact]
    public async Task Whatever_happens_to_it_everyone_is_answered_and_nothing_is_lost_or_doubled()
    {
        using var redis = await RedisServer.Start();
        var data = Directory.CreateTempSubdirectory("hc-hour-");
        var silos = new Dictionary<string, SiloProcess>();
        try
        {
            // A gateway comes back at the address that its clients know.
            var urls = new[] { "gateway-1", "gateway-2" }.ToDictionary(name => name, _ => $"http://127.0.0.1:{RedisServer.FreePort()}");
            SiloProcess Launch(string name) => silos[name] = SiloProcess.Launch(
                name, !urls.ContainsKey(name), redis, Path.Combine(data.FullName, name), ["--drain-seconds", "5", .. urls.TryGetValue(name, out var url) ? (string[])["--urls", url] : []]);
            await Launch("jetson-1").Ready();
            string[] others = ["jetson-2", "jetson-3", "gateway-1", "gateway-2"];
            await Task.WhenAll(others.Select(name => Launch(name).Ready()));
            using var one = HttpConversations.CreateClient(silos["gateway-1"].Url);
            using var two = HttpConversations.CreateClient(silos["gateway-2"].Url);
            await using var people = new Talkers([new HttpConversations(one), new HttpConversations(two)], People);
            people.Start();
            await people.EveryoneIsAnswered();

            var random = new Random(Seed);
            var began = DateTime.UtcNow;
            for (var number = 1; DateTime.UtcNow - began < Length; number++)
            {
                var name = $"jetson-{random.Next(1, 4)}";
                var silo = silos[name];
                string what;
                switch (random.Next(6))
                {
                    case 0:
                        what = $"{name} is killed";
                        silo.Kill();
                        await silo.Exited();
                        await Launch(name).Ready();
                        break;
                    case 1:
                        what = $"{name} is stopped in order";
                        silo.Terminate();
                        await silo.Exited();
                        Assert.True(silo.ExitCode == 0, silo.Log);
                        await Launch(name).Ready();
                        break;
                    case 2:
                        var gateway = $"gateway-{random.Next(1, 3)}";
                        what = $"{gateway} stands still for a moment";
                        await silos[gateway].StandsStill(TimeSpan.FromSeconds(random.NextDouble()));
                        break;
                    case 3:
                        var gone = $"gateway-{random.Next(1, 3)}";
                        what = $"{gone} is killed";
                        silos[gone].Kill();
                        await silos[gone].Exited();
                        await Launch(gone).Ready();
                        break;
                    case 4:
                        var pause = TimeSpan.FromSeconds(random.Next(1, 9));
                        what = $"{name} stands still for {pause.TotalSeconds} s";
                        await silo.StandsStill(pause);

                        // It may have been declared dead meanwhile: then it ends, and its supervisor starts it again.
                        if (!await silo.IsReadyOrEnds())
                        {
                            what += " and has ended";
                            await Launch(name).Ready();
                        }

                        break;
                    default:
                        what = "Redis restarts";
                        await redis.Restart();
                        break;
                }

                output.WriteLine($"{number}. {what}: everyone is answered after {(await people.EveryoneIsAnswered()).TotalSeconds:0.0} s");
            }

            await people.Stop();
            output.WriteLine($"{people.Turns} turns; refusals: " + string.Join(", ", people.Problems.GroupBy(p => p.Code).Select(g => $"{g.Count()} {g.Key}")));
            Assert.Empty(people.Broken);
            Assert.DoesNotContain(people.Problems, problem => problem.Code is ProblemCodes.Internal or ProblemCodes.Invalid);
            await people.CheckHistories(new HttpConversations(one));
        }
        catch
        {
            foreach (var (name, silo) in silos)
            {
                output.WriteLine($"---- {name}\n{silo.Log}");
            }

            throw;
        }
        finally
        {
            await Task.WhenAll(silos.Values.Select(silo => silo.DisposeAsync().AsTask()));
            data.Delete(true);
        }
    }

    private static int FromEnvironment(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? int.Parse(value, CultureInfo.InvariantCulture) : otherwise;
}
