namespace HybridConversations.Tests.Conversations.Tools;

/// <summary>Thoughts are told to who asks for them, spoken to nobody, and kept only where their calls wait.</summary>
public sealed class ReasoningTests : ToolFixture
{
    private static readonly ReasoningOptions Low = new() { Effort = "low", BudgetTokens = 50 };

    [Fact]
    public async Task They_are_told_to_who_asks_and_are_no_part_of_the_reply()
    {
        var events = await Answer(Turn("why", "t1") with { Reasoning = Low }, device =>
        {
            device.Think("Let me ", "think. Hard. ");
            device.Say("Because.");
            device.Finish();
        });
        Assert.Equal("Let me think. Hard. ", string.Concat(events.OfType<ReplyReasoning>().Select(e => e.Text)));
        Assert.Equal(["Because."], events.OfType<ReplySentence>().Select(e => e.Text));
        Assert.Equal("Because.", events.Completed().Text);
        Assert.Equal(Low, Device.LastRequest!.Reasoning);
        var stored = await Stored("t1");
        Assert.Equal(("Because.", "Let me think. Hard. "), (stored.Reply, stored.Reasoning));

        await Answer(Turn("and", "t2"), "ok");
        Assert.Equal(["user: why", "assistant: Because.", "user: and"], Prompt());
        Assert.All(Device.LastRequest!.Messages, message => Assert.Null(message.Reasoning));
        Assert.Empty((await Conversation.Say(Turn("why", "t1")).ToList()).OfType<ReplyReasoning>());
    }

    [Fact]
    public async Task Who_does_not_ask_is_not_told_although_the_model_thinks()
    {
        var events = await Answer(Turn("why", "t1"), device =>
        {
            device.Think("Hmm.");
            device.Say("Because.");
            device.Finish();
        });
        Assert.Empty(events.OfType<ReplyReasoning>());
        Assert.Equal(new ReasoningOptions(), Device.LastRequest!.Reasoning);
        Assert.Equal("Because.", events.Completed().Text);
    }

    [Fact]
    public async Task Behind_a_call_the_thought_is_kept_for_the_model_on_the_device_only()
    {
        Cloud = new ScriptedEscalation();
        Router = new HybridConversations.Routing.Router();
        await Answer(Ask("weather?", "t1") with { Reasoning = Low }, device =>
        {
            device.Think("I need the weather.");
            device.Call("c1", "get_weather");
            device.Finish(FinishReason.ToolCalls);
        });
        await Restart();
        await Answer(Bring("t2", ("c1", "5 °C")), "Five.");
        Assert.Equal("I need the weather.", Device.LastRequest!.Messages[1].Reasoning);
        await Conversation.Say(Turn("think hard", "t3") with { Think = ThinkMode.Cloud }).ToList();
        Assert.All(Cloud.Requests.Single().Messages, message => Assert.Null(message.Reasoning));
    }

    [Fact]
    public async Task Who_joins_with_text_in_hand_is_not_told_the_thought_again()
    {
        await using var first = new ReplyReader(Conversation.Say(Turn("why", "t1") with { Reasoning = Low }));
        var text = Task.Run(first.Until<ReplyText>);
        var device = await Device.NextGeneration();
        device.Think("Hmm.");
        device.Say("Be");
        await text;
        var second = Conversation.Say(Turn("why", "t1") with { Reasoning = Low, Received = 2 }).ToList();
        var third = Conversation.Say(Turn("why", "t1") with { Reasoning = Low }).ToList();
        device.Say("cause.");
        device.Finish();
        Assert.Equal((0, 1), ((await second).OfType<ReplyReasoning>().Count(), (await third).OfType<ReplyReasoning>().Count()));
        Assert.Equal(("cause.", "Because."), ((await second).Text(), (await third).Text()));
        await first.Until<ReplyCompleted>();
    }
}
