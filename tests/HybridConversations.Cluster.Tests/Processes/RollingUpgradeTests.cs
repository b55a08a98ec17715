using HybridConversations.Client;
using Xunit.Abstractions;

namespace HybridConversations.Cluster.Tests.Processes;

/// <summary>Two real builds side by side: the release before, from the repository's history, and this one.</summary>
public sealed class RollingUpgradeTests(ITestOutputHelper output)
{
    private const int People = 12;

    [SkippableFact]
    public async Task A_fleet_is_upgraded_device_by_device_and_one_goes_back_while_people_talk()
    {
        using var redis = await RedisServer.Start();
        var before = await ReleaseBefore.Build();
        var data = Directory.CreateTempSubdirectory("hc-upgrade-");
        var silos = new List<SiloProcess>();
        SiloProcess Launch(string name, string? program)
        {
            var silo = SiloProcess.LaunchOf(program, name, name != "gateway", redis, data.FullName);
            silos.Add(silo);
            return silo;
        }

        async Task<SiloProcess> Replace(SiloProcess silo, string? program)
        {
            silo.Terminate();
            await silo.Exited();
            Assert.True(silo.ExitCode == 0, silo.Log);
            var next = Launch(silo.Name, program);
            await next.Ready();
            return next;
        }

        try
        {
            var first = Launch("jetson-1", before);
            await first.Ready();
            var (second, gateway) = (Launch("jetson-2", before), Launch("gateway", before));
            await Task.WhenAll(second.Ready(), gateway.Ready());
            using var atOld = HttpConversations.CreateClient(gateway.Url);
            var newGateway = Launch("gateway", null);
            await newGateway.Ready();
            using var atNew = HttpConversations.CreateClient(newGateway.Url);
            await using var people = new Talkers([new HttpConversations(atOld), new HttpConversations(atNew)], People);
            people.Start();
            output.WriteLine($"all of the release before, and one gateway of this one: everyone is answered after {await people.EveryoneIsAnswered()}");

            await AsksForWhatTheReleaseBeforeDoesNotKnow(new HttpConversations(atNew), "at-old");

            first = await Replace(first, null);
            await AsksForWhatTheReleaseBeforeDoesNotKnow(new HttpConversations(atNew), "at-either");
            output.WriteLine($"one device of each: {await people.EveryoneIsAnswered()}");

            first = await Replace(first, before);
            output.WriteLine($"it went back: {await people.EveryoneIsAnswered()}");

            second = await Replace(second, null);
            output.WriteLine($"the other device: {await people.EveryoneIsAnswered()}");

            first = await Replace(first, null);
            output.WriteLine($"both devices of this release: {await people.EveryoneIsAnswered()}");
            await people.Stop();

            output.WriteLine($"{people.Turns} turns; refusals: " + string.Join(", ", people.Problems.GroupBy(p => p.Code).Select(g => $"{g.Count()} {g.Key}")));
            Assert.Empty(people.Broken);
            Assert.DoesNotContain(people.Problems, problem => problem.Code is ProblemCodes.Internal or ProblemCodes.Invalid);
            await people.CheckHistories(new HttpConversations(atOld));
            await people.CheckHistories(new HttpConversations(atNew));
        }
        finally
        {
            await Task.WhenAll(silos.Select(silo => silo.DisposeAsync().AsTask()));
            data.Delete(true);
        }
    }

    /// <summary>A turn that is cut by its id, and a conversation that is forgotten, where a device of the release before has them.</summary>
    private static async Task AsksForWhatTheReleaseBeforeDoesNotKnow(HttpConversations conversations, string id)
    {
        for (var i = 0; i < 4; i++)
        {
            var conversation = conversations.Get($"{id}-{i}");
            var first = await conversation.Whole("Hello.");
            var cut = await conversation.InterruptTurn(first.TurnId, first.Text[..1]);
            Assert.Equal((first.TurnId, first.Text[..1], InterruptOutcome.Cut), (cut.TurnId, cut.Reply, cut.Outcome));
            await conversation.Whole("And again.");
            Assert.Equal(InterruptOutcome.TooLate, (await conversation.InterruptTurn(first.TurnId, first.Text[..1])).Outcome);
            Assert.Equal(ProblemCodes.NotFound, (await Assert.ThrowsAsync<ProblemException>(() => conversation.InterruptTurn("never", null))).Problem.Code);

            Assert.NotNull(await conversation.Forget());
            Assert.Null(await conversation.Read(0, 1));
            Assert.Null(await conversation.Forget());
        }
    }
}
