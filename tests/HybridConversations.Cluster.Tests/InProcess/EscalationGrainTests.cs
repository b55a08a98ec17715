using System.Collections.Concurrent;
using HybridConversations.Orleans.Contracts;
using HybridConversations.Orleans.Escalations;

namespace HybridConversations.Cluster.Tests.InProcess;

/// <summary>The cloud, asked by a fleet: one object for an endpoint, wherever the conversations are.</summary>
public sealed class EscalationGrainTests
{
    private readonly ConcurrentBag<ScriptedCloud> _made = [];

    [Fact]
    public async Task A_fleet_asks_an_endpoint_through_one_object_and_through_another_when_its_silo_dies()
    {
        await using var fleet = await Start();
        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => fleet.Conversations.Get($"c{i}").Whole("hello")));
        Assert.All(replies, reply => Assert.Equal("from the cloud: hello", reply.Text));
        var asked = Assert.Single(_made);
        Assert.Equal(20, asked.Asked);
        var turn = (await fleet.Conversations.Get("c0").History()).Single();
        Assert.Equal((RouteTarget.Cloud, "cloud", "A test said so."), (turn.Route, turn.AnsweredBy, turn.RouteReason));
        Assert.Equal("cloud", (await fleet.Fleet.View()).Escalations.Single().Endpoint);

        var grain = fleet.Cluster.Client.GetGrain<IEscalationGrain>("cloud").GetGrainId();
        Assert.True(fleet.Cluster.TryGetGrainContext(grain, out var context));
        await fleet.Cluster.KillSiloAsync(fleet.Cluster.Silos.Single(silo => silo.SiloAddress.Equals(context.Address.SiloAddress)));

        await Eventually.Holds(
            async () => (await fleet.Conversations.Get("after").All(new Turn { TurnId = "t", Text = "again" }))[^1] is ReplyCompleted { Text: "from the cloud: again" },
            () => "the other silo asks the cloud");
        Assert.Equal(2, _made.Count);
    }

    [Fact]
    public async Task A_caller_that_leaves_ends_the_call_to_the_cloud_and_a_cloud_that_fails_is_told_or_replaced_by_a_device()
    {
        await using var fleet = await Start();
        await fleet.Conversations.Get("first").Whole("hello");
        var cloud = _made.Single();
        cloud.Hold = true;
        using var leave = new CancellationTokenSource();
        var reply = fleet.Conversations.Get("left").All(new Turn { TurnId = "t", Text = "hello" }, leave.Token);
        await Eventually.Holds(() => cloud.Open == 1, () => "the cloud is being asked");
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reply);
        await Eventually.Holds(() => cloud.Open == 0, () => "nobody asks the cloud any more");

        cloud.Fails = true;
        var fallen = await fleet.Conversations.Get("falls-back").All(new Turn { TurnId = "t", Text = "hello" });
        Assert.Contains("Silo_", Assert.IsType<ReplyCompleted>(fallen[^1]).Text);
        Assert.Equal([RouteTarget.Cloud, RouteTarget.Local], fallen.OfType<ReplyRouted>().Select(routed => routed.Target));
        var told = await fleet.Conversations.Get("fails").All(new Turn { TurnId = "t", Text = "hello", AllowFallback = false });
        Assert.Equal(ProblemCodes.BudgetSpent, Assert.IsType<ReplyFailed>(told[^1]).Problem.Code);
    }

    private Task<TestFleet> Start() => TestFleet.Start(2, settings => settings with
    {
        Escalations = new Dictionary<string, EscalationSettings>
        {
            ["cloud"] = new(_ =>
            {
                var cloud = new ScriptedCloud();
                _made.Add(cloud);
                return cloud;
            }),
        },
        Router = _ => new CloudRouter(),
    });
}
