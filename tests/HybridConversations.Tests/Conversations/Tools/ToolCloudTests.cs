using HybridConversations.Conversations;
using HybridConversations.Routing;

namespace HybridConversations.Tests.Conversations.Tools;

/// <summary>Tools go to the cloud with their turn, results go on where their call was made, and what is private stays.</summary>
public sealed class ToolCloudTests : ToolFixture
{
    private static readonly ToolCall Called = new("call_0", "get_weather", """{"city":"Oslo"}""");

    public ToolCloudTests()
    {
        Cloud = new ScriptedEscalation { Reply = ["Let me look.", Called], FinishReason = FinishReason.ToolCalls };
        Router = new Router();
    }

    [Fact]
    public async Task A_call_from_the_cloud_is_answered_there()
    {
        var asked = await Conversation.Say(Ask("weather?", "t1") with { Think = ThinkMode.Cloud, ToolChoice = ToolChoice.Named("get_weather"), ParallelToolCalls = false }).ToList();
        Assert.Equal(ReplyToolCall.Of(Called), asked.OfType<ReplyToolCall>().Single());
        Assert.Equal(FinishReason.ToolCalls, asked.Completed().FinishReason);
        var sent = Cloud!.Requests.Single();
        Assert.Equal([Weather, Order], sent.Tools);
        Assert.Equal(("get_weather", false), (sent.ToolChoice.Allowed!.Single(), sent.ParallelToolCalls));
        Assert.Equal(RouteTarget.Cloud, Assert.Single((await Log.ReadHead())!.OpenCalls!).Route);

        Cloud.Reply = ["Five degrees."];
        Cloud.FinishReason = FinishReason.Stop;
        var answered = await Conversation.Say(Bring("t2", ("call_0", "5 °C"))).ToList();

        Assert.Equal("Five degrees.", answered.Completed().Text);
        Assert.Equal((RouteTarget.Cloud, "tool-result"), ((await Stored("t2")).Route, (await Stored("t2")).RoutePolicy));
        Assert.Equal(["user: weather?", "assistant: Let me look. → get_weather(call_0)", "tool call_0: 5 °C"], Cloud.Requests.Last().Messages.Select(Line));
    }

    [Fact]
    public async Task A_call_from_the_device_is_answered_there_however_hard_its_result_looks()
    {
        await Call("c1", name: "get_weather");
        await Answer(Bring("t2", ("c1", "write me a python script that renames all my photos by date")), "ok");
        Assert.Equal((RouteTarget.Local, "tool-result"), ((await Stored("t2")).Route, (await Stored("t2")).RoutePolicy));
    }

    [Fact]
    public async Task Where_the_cloud_fails_the_device_goes_on_with_the_result()
    {
        await Conversation.Say(Ask("weather?", "t1") with { Think = ThinkMode.Cloud }).ToList();
        Cloud!.Reply = [new ProblemException(new Problem(ProblemCodes.CloudFailed, 502, "No."))];
        await Answer(Bring("t2", ("call_0", "5 °C")), "Five.");
        Assert.Equal(["user: weather?", "assistant: Let me look. → get_weather(call_0)", "tool call_0: 5 °C"], Prompt());
        Assert.Equal([Weather, Order], Device.LastRequest!.Tools);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_result_of_a_private_call_never_leaves(bool byView)
    {
        if (byView)
        {
            await Answer(Turn("my pin is 4711", "p") with { Private = true }, "I see.");
        }

        // By view: what is asked is not private, but the call may quote what is.
        var asked = Answer(Ask("check it", "t1") with { Private = !byView, Think = ThinkMode.Local }, device =>
        {
            device.Call("c1", "get_weather", """{"city":"4711"}""");
            device.Finish(FinishReason.ToolCalls);
        });
        await asked;
        Assert.True(Assert.Single((await Log.ReadHead())!.OpenCalls!).Private);
        await Restart();

        await Answer(Bring("t2", ("c1", "secret result")) with { Think = ThinkMode.Cloud, AllowFallback = false }, "ok");
        Assert.True((await Stored("t2")).Private);
        Assert.Equal((RouteTarget.Local, "private"), ((await Stored("t2")).Route, (await Stored("t2")).RoutePolicy));

        Cloud!.Reply = ["Hello."];
        await Conversation.Say(Turn("think about something else", "t3") with { Think = ThinkMode.Cloud }).ToList();
        var shown = string.Join('\n', Cloud.Requests.Single().Messages.Select(message => Line(message) + string.Concat(message.ToolCalls.Select(call => call.Arguments))));
        Assert.DoesNotContain("4711", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("tool", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_calls_of_one_name_in_two_replies_are_told_apart()
    {
        await Conversation.Say(Ask("weather?", "t1") with { Think = ThinkMode.Cloud }).ToList();
        var second = (await Conversation.Say(Turn("again", "t2") with { Think = ThinkMode.Cloud }).ToList()).OfType<ReplyToolCall>().Single().CallId;
        Assert.NotEqual("call_0", second);
        Assert.Equal(["call_0", second], (await Log.ReadHead())!.OpenCalls!.Select(open => open.Call.CallId));
    }
}
