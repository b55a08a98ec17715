using System.Collections.Concurrent;
using HybridConversations.Escalations.Bridging;
using HybridConversations.Orleans.Contracts;
using HybridConversations.Orleans.Escalations;
using HybridConversations.Orleans.Fleet;
using HybridConversations.Routing;
using Orleans.Runtime.Placement;

namespace HybridConversations.Cluster.Tests.InProcess;

/// <summary>The cloud as a part of the fleet: who may ask it, who knows how it is doing, and who leaves without cutting anyone off.</summary>
public sealed class FleetCloudTests
{
    private readonly ConcurrentDictionary<string, ScriptedCloud> _clouds = new();

    [Fact]
    public async Task Every_conversation_escalates_when_any_silo_has_the_endpoint()
    {
        await using var fleet = await Start(3, "Silo_2");
        await Known(fleet, available: true);
        var hosts = new HashSet<string>();
        for (var i = 0; i < 40 && hosts.Count < 3; i++)
        {
            var reply = await fleet.Conversations.Get($"c{i}").Whole("hello");
            Assert.Equal("from the cloud: hello", reply.Text);
            hosts.Add(fleet.HostOf($"c{i}")!);
        }

        Assert.Equal(3, hosts.Count);
        Assert.Equal(["Silo_2"], _clouds.Where(pair => pair.Value.Asked > 0).Select(pair => pair.Key));
    }

    [Fact]
    public async Task No_turn_waits_for_the_clouds_status_and_the_view_does_not_either_once_it_is_asked()
    {
        await using var fleet = await Start(2, "Silo_0", router: new Router());
        await Known(fleet, available: true);
        Cloud("Silo_0").Silent = true;
        foreach (var turn in (Turn[])[
            new() { TurnId = "1", Text = "hello" },
            new() { TurnId = "2", Text = "hello", Private = true },
            new() { TurnId = "3", Text = "hello", Think = ThinkMode.Local },
            new() { TurnId = "4", Text = "hello", Think = ThinkMode.Cloud }])
        {
            // Nothing here has a time limit of its own: whoever asked for the status would wait for ever.
            var events = await fleet.Conversations.Get("c").All(turn).WaitAsync(TimeSpan.FromSeconds(60));
            Assert.IsType<ReplyCompleted>(events[^1]);
            Assert.Equal(turn.Think == ThinkMode.Cloud ? RouteTarget.Cloud : RouteTarget.Local, events.OfType<ReplyRouted>().Last().Target);
        }

        await Eventually.Holds(
            () => fleet.Cluster.Silos.All(silo => fleet.Service<FleetCloudEndpoints>(silo.Name).All.Single().Outlook is not null), () => "everyone has heard how the endpoint is doing");
        var view = await fleet.Fleet.View();
        Assert.Equal(("cloud", true, 1.5m), (view.Escalations.Single().Endpoint, view.Escalations.Single().Available, view.Escalations.Single().SpentThisMonth));
    }

    [Fact]
    public async Task What_speaks_against_an_endpoint_is_known_everywhere_and_turns_stay()
    {
        await using var fleet = await Start(2, "Silo_0", router: new Router());
        await Known(fleet, available: true);
        await fleet.Conversations.Get("c").All(new Turn { TurnId = "1", Text = "hello", Think = ThinkMode.Cloud });
        Cloud("Silo_0").Unavailable = "It is being mended.";
        await Known(fleet, available: false);
        foreach (var silo in fleet.Cluster.Silos)
        {
            Assert.Equal("It is being mended.", fleet.Service<FleetCloudEndpoints>(silo.Name).All.Single().For("t").Reason);
        }

        var events = await fleet.Conversations.Get("d").All(new Turn { TurnId = "1", Text = "hello", Think = ThinkMode.Cloud });
        var routed = Assert.Single(events.OfType<ReplyRouted>());
        Assert.Equal(("budget", RouteTarget.Local), (routed.Policy, routed.Target));
        Assert.Contains("It is being mended.", routed.Reason, StringComparison.Ordinal);
        Assert.Equal(1, Cloud("Silo_0").Asked);
    }

    [Fact]
    public async Task Without_an_endpoint_in_the_fleet_devices_answer_and_say_why()
    {
        await using var fleet = await Start(1, "nobody", router: new Router());
        var events = await fleet.Conversations.Get("c").All(new Turn { TurnId = "1", Text = "hello", Think = ThinkMode.Cloud });
        Assert.Equal(("local-only", RouteTarget.Local), (events.OfType<ReplyRouted>().Single().Policy, events.OfType<ReplyRouted>().Single().Target));
        Assert.Empty((await fleet.Fleet.View()).Escalations);
    }

    [Fact]
    public async Task The_cloud_hears_the_devices_system_prompt_and_a_voice_the_endpoints_bridge()
    {
        await using var fleet = await Start(2, "Silo_0", bridge: new BridgeOptions { Enabled = true, AfterMs = 0, Phrases = ["One moment."] });
        fleet.Device("Silo_0").SystemPrompt = fleet.Device("Silo_1").SystemPrompt = "You are Pip.";
        await Known(fleet, available: true);
        await Eventually.Holds(
            () => fleet.Cluster.Silos.All(silo => fleet.Service<FleetDirectory>(silo.Name).All.All(device => device.Status.SystemPrompt is not null)), () => "all prompts are known");
        var cloud = Cloud("Silo_0");
        cloud.Hold = true;
        using var enough = new CancellationTokenSource();
        var spoken = new List<string>();
        try
        {
            await foreach (var e in fleet.Conversations.Get("c").Say(new Turn { TurnId = "1", Text = "hello", Priority = TurnPriority.Voice }, enough.Token))
            {
                if (e is ReplyBridge bridge)
                {
                    spoken.Add(bridge.Text);
                    await enough.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // As asked for.
        }

        Assert.Equal(["One moment."], spoken);
        await Eventually.Holds(() => cloud.LastRequest is not null, () => "the cloud was asked");
        Assert.Equal([("system", "You are Pip."), ("user", "hello")], cloud.LastRequest!.Messages.Select(message => (message.Role, message.Content)));
    }

    [Theory]
    [InlineData("conversation")]
    [InlineData("escalation")]
    public async Task A_silo_that_leaves_lets_cloud_replies_end(string whose)
    {
        await using var fleet = await Start(3, "Silo_0", "Silo_1", settings => settings with { DrainTimeout = TimeSpan.FromMinutes(2) });
        await Known(fleet, available: true);
        var (id, asks) = await ApartFromTheEndpoint(fleet);
        var cloud = Cloud(asks);
        cloud.Pauses = true;
        var reply = fleet.Conversations.Get(id).All(new Turn { TurnId = "t", Text = "a long story" });
        await Eventually.Holds(() => cloud.Open == 1, () => "the cloud tells");

        var leaves = whose == "conversation" ? fleet.HostOf(id)! : asks;
        var drain = fleet.Service<SiloDrain>(leaves);
        var stopped = fleet.Cluster.StopSiloAsync(fleet.Silo(leaves));
        await Eventually.Holds(() => drain.Begun, () => "it leaves");
        Assert.False(stopped.IsCompleted);
        cloud.GoOn();

        var events = await reply;
        Assert.Equal(("from the cloud: a long story", FinishReason.Stop), (Assert.IsType<ReplyCompleted>(events[^1]).Text, ((ReplyCompleted)events[^1]).FinishReason));
        await stopped.WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task While_a_silo_leaves_another_one_asks_the_endpoint_for_new_turns()
    {
        await using var fleet = await Start(3, "Silo_0", "Silo_1", settings => settings with { DrainTimeout = TimeSpan.FromMinutes(2) });
        await Known(fleet, available: true);
        var (id, asks) = await ApartFromTheEndpoint(fleet);
        var other = asks == "Silo_0" ? "Silo_1" : "Silo_0";
        Cloud(asks).Pauses = true;
        var reply = fleet.Conversations.Get(id).All(new Turn { TurnId = "t", Text = "a long story" });
        await Eventually.Holds(() => Cloud(asks).Open == 1, () => "the cloud tells");
        var drain = fleet.Service<SiloDrain>(asks);
        var stopped = fleet.Cluster.StopSiloAsync(fleet.Silo(asks));
        await Eventually.Holds(() => drain.Begun, () => "it leaves");
        await Known(fleet, available: true);

        for (var i = 0; i < 5; i++)
        {
            var meanwhile = await fleet.Conversations.Get($"{id}-{i}").All(new Turn { TurnId = "t", Text = "hello", AllowFallback = false });
            Assert.True(meanwhile[^1] is ReplyCompleted { Text: "from the cloud: hello" }, $"turn {i} ended with {meanwhile[^1]}");
        }

        Assert.Equal((1, 5), (Cloud(asks).Open, Cloud(other).Asked));
        Cloud(asks).GoOn();
        Assert.IsType<ReplyCompleted>((await reply)[^1]);
        await stopped.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal("from the cloud: again", (await fleet.Conversations.Get(id).Whole("again")).Text);
        Assert.Equal(6, Cloud(other).Asked);
    }

    [Fact]
    public async Task An_idle_conversation_of_a_silo_that_leaves_goes_on_elsewhere_at_its_next_turn()
    {
        await using var fleet = await Start(3, "Silo_0", "Silo_1", settings => settings with { DrainTimeout = TimeSpan.FromMinutes(2) });
        await Known(fleet, available: true);
        var (id, asks) = await ApartFromTheEndpoint(fleet);
        var leaves = fleet.HostOf(id)!;
        var idle = await OpenAt(fleet, leaves, "idle");

        Cloud(asks).Pauses = true;
        var reply = fleet.Conversations.Get(id).All(new Turn { TurnId = "t", Text = "a long story" });
        await Eventually.Holds(() => Cloud(asks).Open == 1, () => "the cloud tells");
        var drain = fleet.Service<SiloDrain>(leaves);
        var stopped = fleet.Cluster.StopSiloAsync(fleet.Silo(leaves));
        await Eventually.Holds(() => drain.Begun, () => "it leaves");

        // At once, before the others have heard of it.
        Cloud(asks).Pauses = false;
        var next = await fleet.Conversations.Get(idle).All(new Turn { TurnId = "next", Text = "again", AllowFallback = false });

        Assert.True(next[^1] is ReplyCompleted { Text: "from the cloud: again" }, $"it ended with {next[^1]}");
        Assert.NotEqual(leaves, fleet.HostOf(idle));
        Cloud(asks).GoOn();
        Assert.IsType<ReplyCompleted>((await reply)[^1]);
        await stopped.WaitAsync(TimeSpan.FromMinutes(1));
    }

    /// <summary>A conversation on another silo than the endpoint's grain.</summary>
    private async Task<(string Conversation, string Asks)> ApartFromTheEndpoint(TestFleet fleet)
    {
        await fleet.Conversations.Get("first").Whole("hello");
        var grain = fleet.Cluster.Client.GetGrain<IEscalationGrain>("cloud").GetGrainId();
        Assert.True(fleet.Cluster.TryGetGrainContext(grain, out var context));
        var asks = fleet.Cluster.Silos.Single(silo => silo.SiloAddress.Equals(context.Address.SiloAddress)).Name;
        var apart = fleet.Cluster.Silos.First(silo => silo.Name != asks).Name;
        return (await OpenAt(fleet, apart, "apart"), asks);
    }

    /// <summary>Opens a conversation on a silo of the test's choice: left to the fleet, an idle one sends each to the device with the fewest.</summary>
    private static async Task<string> OpenAt(TestFleet fleet, string silo, string id)
    {
        RequestContext.Set(IPlacementDirector.PlacementHintKey, fleet.Silo(silo).SiloAddress);
        try
        {
            await fleet.Conversations.Get(id).Whole("hello");
        }
        finally
        {
            RequestContext.Remove(IPlacementDirector.PlacementHintKey);
        }

        Assert.Equal(silo, fleet.HostOf(id));
        return id;
    }

    private ScriptedCloud Cloud(string silo) => _clouds.GetOrAdd(silo, _ => new ScriptedCloud());

    private static Task Known(TestFleet fleet, bool available) => Eventually.Holds(
        () => fleet.Cluster.Silos.Where(silo => silo.IsActive).All(silo => fleet.Service<FleetCloudEndpoints>(silo.Name).All is [var endpoint] && endpoint.For("t").Available == available),
        () => $"every silo knows that the endpoint can{(available ? "" : "not")} be asked");

    private Task<TestFleet> Start(
        int silos, string first, string? second = null, Func<FleetOptions, FleetOptions>? change = null, IRouter? router = null, BridgeOptions? bridge = null) =>
        TestFleet.Start(silos, settings => settings with { Fleet = change?.Invoke(settings.Fleet) ?? settings.Fleet, Router = _ => router ?? new CloudRouter() },
            each: (name, settings) => name != first && name != second ? settings : settings with
            {
                Escalations = new Dictionary<string, EscalationSettings> { ["cloud"] = new(_ => Cloud(name), bridge) },
            });
}
