using HybridConversations.Client;
using HybridConversations.Orleans.Clients;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using AiMessage = Microsoft.Extensions.AI.ChatMessage;

namespace HybridConversations.Cluster.Tests.InProcess;

/// <summary>Tools in the turns of a fleet: a call that goes out at one silo is answered at another, and no death in between loses or doubles it.</summary>
public sealed class ToolTurnTests
{
    private static readonly Turn Order = new() { TurnId = "t1", Text = "order one", Tools = [new ToolDefinition("order_pizza", "Orders.", """{"type":"object"}""")] };
    private static readonly Turn Ordered = new() { TurnId = "t2", Text = "", ToolResults = [new ToolResult("c1", "ordered")] };

    [Fact]
    public async Task A_call_goes_out_at_one_gateway_and_its_result_comes_in_at_another()
    {
        await using var fleet = await Fleet();
        var (first, second) = (At(fleet, "Silo_0"), At(fleet, "Silo_1"));

        var asked = await first.Get("c").All(Order);

        Assert.Equal(new ReplyToolCall("c1", "order_pizza", """{"n":1}"""), asked.OfType<ReplyToolCall>().Single());
        Assert.Equal(FinishReason.ToolCalls, Assert.IsType<ReplyCompleted>(asked[^1]).FinishReason);
        var open = (await new OrleansHistory(fleet.Service<IGrainFactory>("Silo_1")).Read("c", 0, 10))!;
        Assert.Equal(("c1", "t1"), (Assert.Single(open.OpenCalls!).Call.CallId, open.OpenCalls![0].TurnId));
        Assert.Equal("order_pizza", Assert.Single(open.Tools!).Name);
        Assert.Equal("c1", Assert.Single(open.Turns[0].ToolCalls!).CallId);

        var answered = Assert.IsType<ReplyCompleted>((await second.Get("c").All(Ordered))[^1]);
        Assert.EndsWith(":3:ordered", answered.Text, StringComparison.Ordinal);
        var again = Assert.IsType<ReplyCompleted>((await first.Get("c").All(Ordered))[^1]);
        Assert.Equal((answered.Text, true), (again.Text, again.Replayed));
        var other = Assert.IsType<ReplyFailed>((await first.Get("c").All(Ordered with { TurnId = "t3" }))[^1]);
        Assert.Equal(ProblemCodes.CallAnswered, other.Problem.Code);
        var page = (await new OrleansHistory(fleet.Service<IGrainFactory>("Silo_0")).Read("c", 0, 10))!;
        Assert.Null(page.OpenCalls);
        Assert.Equal("ordered", Assert.Single(page.Turns[1].ToolResults!).Content);
    }

    [Fact]
    public async Task A_silo_that_dies_right_behind_its_call_leaves_it_to_be_answered_once()
    {
        await using var fleet = await Fleet();
        var announced = new TaskCompletionSource();
        foreach (var device in fleet.Cluster.Silos.Select(silo => fleet.Device(silo.Name)))
        {
            // It never comes to the end of its reply.
            device.BehindCall = stop =>
            {
                announced.TrySetResult();
                return Task.Delay(Timeout.Infinite, stop);
            };
        }

        var conversation = fleet.Conversations.Get("c");
        var heard = new List<string>();
        var reply = Task.Run(async () =>
        {
            await foreach (var e in conversation.Say(Order))
            {
                if (e is ReplyToolCall call)
                {
                    heard.Add(call.CallId);
                }
            }
        });
        await announced.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await Eventually.Holds(() => heard.Count == 1, () => "the call was heard");
        await fleet.Cluster.KillSiloAsync(fleet.Silo(fleet.HostOf("c")!));
        await reply.WaitAsync(TimeSpan.FromSeconds(60));
        await fleet.HasDevices(1);
        foreach (var silo in fleet.Cluster.Silos)
        {
            fleet.Device(silo.Name).BehindCall = null;
        }

        var generations = fleet.Cluster.Silos.Sum(silo => fleet.Device(silo.Name).Generations);
        List<ReplyEvent> again = [];
        await Eventually.Holds(async () => (again = await conversation.All(Order))[^1] is ReplyCompleted, () => $"it is told again: {again.LastOrDefault()}");
        Assert.Equal("c1", again.OfType<ReplyToolCall>().Single().CallId);
        Assert.True(Assert.IsType<ReplyCompleted>(again[^1]).Replayed);
        var answered = Assert.IsType<ReplyCompleted>((await conversation.All(Ordered))[^1]);
        Assert.EndsWith(":3:ordered", answered.Text, StringComparison.Ordinal);
        Assert.Equal(["c1"], heard);
        Assert.Equal(generations + 1, fleet.Cluster.Silos.Sum(silo => fleet.Device(silo.Name).Generations));
    }

    [Fact]
    public async Task UseFunctionInvocation_runs_functions_over_the_fleet()
    {
        await using var fleet = await Fleet();
        var orders = 0;
        var function = AIFunctionFactory.Create((int n) => $"ordered {orders += n}", "order_pizza");
        using var client = new ChatClientBuilder(new ConversationsChatClient(fleet.Conversations)).UseFunctionInvocation().Build();

        var response = await client.GetResponseAsync([new AiMessage(ChatRole.User, "order one")], new ChatOptions { Tools = [function] });

        Assert.EndsWith(":3:ordered 1", response.Text, StringComparison.Ordinal);
        Assert.Equal(1, orders);
        Assert.Equal(2, (await fleet.Conversations.Get(response.ConversationId!).Read(0, 10))!.Turns.Count);
    }

    private static OrleansConversations At(TestFleet fleet, string silo) => new(fleet.Service<IGrainFactory>(silo));

    private static async Task<TestFleet> Fleet()
    {
        var fleet = await TestFleet.Start(2);
        foreach (var silo in fleet.Cluster.Silos)
        {
            fleet.Device(silo.Name).Call = request => request.Tools.Count > 0 && request.Messages[^1].Role == HybridConversations.ChatMessage.User ? new ToolCall("c1", "order_pizza", """{"n":1}""") : null;
        }

        return fleet;
    }
}
