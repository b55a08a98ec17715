using HybridConversations.Cluster.Tests.Processes;
using Xunit.Abstractions;

namespace HybridConversations.Cluster.Tests.Network;

public sealed class NetworkCutTests(ITestOutputHelper output)
{
    private const int People = 30;

    [SkippableFact]
    public async Task While_two_silos_cannot_reach_each_other_everyone_is_answered_at_both_and_no_turn_is_lost_or_doubled()
    {
        using var redis = await RedisServer.Start();
        await using var fleet = new TcpFleet(redis.Endpoint);
        await fleet.Add("a");
        await fleet.Add("b");
        await fleet.Add("c");
        await fleet.HasDevices(3);
        foreach (var device in fleet.Devices.Values)
        {
            device.Pieces = 10;
            device.Pace = (_, stop) => Task.Delay(5, stop);
        }

        // Each stays with one silo, as who has no other would.
        await using var people = new Talkers([fleet.At("a"), fleet.At("b")], People) { Stay = true };
        people.Start();
        await people.EveryoneIsAnswered();

        fleet.Cables.Cut("a", "b");
        output.WriteLine($"everyone is answered after the cut: {await people.EveryoneIsAnswered()}");
        output.WriteLine($"and again: {await people.EveryoneIsAnswered()}");
        output.WriteLine($"and again: {await people.EveryoneIsAnswered()}");

        fleet.Cables.Mend("a", "b");
        output.WriteLine($"everyone is answered after it was mended: {await people.EveryoneIsAnswered()}");
        await people.Stop();
        output.WriteLine($"{people.Turns} turns; refusals: " + string.Join(", ", people.Problems.GroupBy(p => p.Code).Select(g => $"{g.Count()} {g.Key}")));
        Assert.Empty(people.Broken);
        await people.CheckHistories(fleet.At("c"));
    }
}
