using System.Net;
using HybridConversations.Fleet;
using HybridConversations.Orleans.Contracts;
using HybridConversations.Orleans.Fleet;
using Xunit.Abstractions;

namespace HybridConversations.Cluster.Tests.Fleet;

/// <summary>What travels in a fleet, counted, and how well turns are placed by a sample of it.</summary>
public sealed class FleetSampleTests(ITestOutputHelper output)
{
    [Fact]
    public void What_travels_grows_with_the_fleet_and_not_with_its_square()
    {
        var told = new Dictionary<int, (int Messages, int Reports)>();
        foreach (var silos in (int[])[10, 100, 1000])
        {
            var fleet = Reports(silos);
            var sample = new FleetSample(TimeProvider.System);

            // A period: each silo reports once, and wants to hear of four others.
            var answers = fleet.Select((report, i) => sample.For(
                report with { Wanted = [.. Enumerable.Range(1, 4).Select(n => fleet[(i + (7 * n)) % silos].Name)] }, () => fleet)).ToList();
            told[silos] = (2 * silos, silos + answers.Sum(answer => answer.Silos.Count));
            output.WriteLine($"{silos} silos: {told[silos].Messages} messages, {told[silos].Reports} reports in them, each period");
        }

        Assert.Equal(10 + (10 * 10), told[10].Reports); // a small fleet is told whole
        Assert.All(told, pair => Assert.InRange(pair.Value.Reports, pair.Key, pair.Key * (1 + SampleSize.Whole + 4)));
        Assert.All(told, pair => Assert.Equal(2 * pair.Key, pair.Value.Messages));
    }

    [Fact]
    public void A_sample_is_enough_to_place_a_turn()
    {
        var fleet = Reports(1000);
        var sample = new FleetSample(TimeProvider.System);
        var everyone = new PlacementOptions(TimeSpan.FromSeconds(1), LookAt: fleet.Count);
        var best = Soonest(fleet, everyone);
        var (two, all) = (0.0, fleet.Average(report => CompletionTime.Predict(report.Device!, 100)));
        for (var i = 0; i < 200; i++)
        {
            var known = sample.For(fleet[i], () => fleet).Silos;
            Assert.Equal(best, Soonest(known, everyone), 3);
            two += Soonest(known, new PlacementOptions(TimeSpan.FromSeconds(1))) / 200;
        }

        Assert.True(two < all / 2, $"{two:0} ms where the better of two is taken; {all:0} ms on average");
    }

    [Fact]
    public void Who_is_wanted_and_who_reaches_the_cloud_is_told_of()
    {
        var fleet = Reports(1000);
        fleet[500] = fleet[500] with { Endpoints = ["cloud"] };
        var answer = new FleetSample(TimeProvider.System).For(fleet[0] with { Wanted = ["silo-900", "silo-901", "nobody"] }, () => fleet);
        var names = answer.Silos.Select(report => report.Name).ToList();
        Assert.Contains("silo-500", names);
        Assert.Contains("silo-900", names);
        Assert.Contains("silo-901", names);
        Assert.Equal(names.Count, names.Distinct().Count());
    }

    /// <summary>Silos with a device each, most of them busy.</summary>
    private static List<SiloReport> Reports(int count)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, count).Select(i => new SiloReport
        {
            Silo = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 10_000 + i), 1),
            Name = $"silo-{i}",
            Number = 1,
            Device = new DeviceStatus
            {
                DeviceId = $"silo-{i}",
                State = DeviceState.Ready,
                Model = new ModelStatus("test", "hash", "test", 1, 4096),
                Load = new DeviceLoad(random.Next(16), random.Next(10) == 0 ? 0 : random.Next(1, 40), 256, random.Next(64), 64, 0, 4096, random.Next(5000)),
                Profile = new DeviceProfile(random.Next(20, 60), random.Next(200, 800), 27),
            },
        })];
    }

    private static double Soonest(IReadOnlyList<SiloReport> reports, PlacementOptions options)
    {
        var devices = reports.Select(report => new PlacementCandidate(report.Device!, default)).ToList();
        return CompletionTime.Predict(devices[DevicePlacement.Soonest(new PlacementRequest(PromptTokens: 100), devices, options, new Random(reports.Count))].Status, 100);
    }
}
