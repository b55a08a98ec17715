using HybridConversations.Conversations;

namespace HybridConversations.Tests.Conversations.Tools;

/// <summary>What may be brought and asked for, and what is said where it may not.</summary>
public sealed class ToolRuleTests : ToolFixture
{
    private static readonly Turn Valid = new() { TurnId = "t", Text = "hello" };

    public static TheoryData<string, Turn> Wrong => new()
    {
        { "tools has 129", Valid with { Tools = [.. Enumerable.Range(0, 129).Select(i => new ToolDefinition($"f{i}"))] } },
        { "tools has 200,0", Valid with { Tools = [new ToolDefinition("f", new string('x', Limits.MaxToolsCharacters))] } },
        { "tools[0] is null", Valid with { Tools = [null!] } },
        { "tools[0].name", Valid with { Tools = [new ToolDefinition("")] } },
        { "tools[0].name", Valid with { Tools = [new ToolDefinition("get weather")] } },
        { "tools[1].name", Valid with { Tools = [Weather, new ToolDefinition(new string('x', 65))] } },
        { "two functions named 'get_weather'", Valid with { Tools = [Weather, Weather] } },
        { "tools[0].parameters", Valid with { Tools = [new ToolDefinition("f", null, "[]")] } },
        { "tools[0].parameters", Valid with { Tools = [new ToolDefinition("f", null, "{")] } },
        { "tools[0].description", Valid with { Tools = [new ToolDefinition("f", "a\0b")] } },
        { "toolResults is null", Valid with { ToolResults = null! } },
        { "toolResults[0] is null", Valid with { ToolResults = [null!] } },
        { "toolResults has 129", Valid with { ToolResults = [.. Enumerable.Range(0, 129).Select(i => new ToolResult($"c{i}", ""))] } },
        { "toolResults has 200,0", Valid with { ToolResults = [new ToolResult("c", new string('x', Limits.MaxToolResultCharacters + 1))] } },
        { "toolResults[0].callId", Valid with { ToolResults = [new ToolResult("", "x")] } },
        { "toolResults[0].content", Valid with { ToolResults = [new ToolResult("c", null!)] } },
        { "toolResults[0].content", Valid with { ToolResults = [new ToolResult("c", "\ud83d")] } },
        { "answers call 'c' twice", Valid with { ToolResults = [new ToolResult("c", "x"), new ToolResult("c", "y")] } },
        { "reasoning.effort", Valid with { Reasoning = new ReasoningOptions { Effort = "huge" } } },
        { "reasoning.budgetTokens", Valid with { Reasoning = new ReasoningOptions { BudgetTokens = -1 } } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Names_what_is_wrong(string expected, Turn turn)
    {
        var problem = TurnValidator.Check(turn)!;
        Assert.Equal(ProblemCodes.Invalid, problem.Code);
        Assert.Contains(expected, problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Results_need_no_words()
    {
        Assert.Null(TurnValidator.Check(Bring("t", ("c", ""))));
        Assert.NotNull(TurnValidator.Check(Bring("t", ("c", "")) with { Text = "  " }));
    }

    [Fact]
    public async Task A_result_without_its_call_is_refused_and_nothing_is_stored()
    {
        Assert.Equal((ProblemCodes.Invalid, 400), Refusal(await Conversation.Say(Bring("t1", ("c1", "x"))).ToList(), "'c1'"));
        await Call();
        Refusal(await Conversation.Say(Bring("t2", ("c1", "x"), ("other", "y"))).ToList(), "'other'", "'c1' (get_weather)");
        Assert.Single((await Conversation.Read(0, 10))!.Turns);
        Assert.Equal("Five.", (await Answer(Bring("t3", ("c1", "x")), "Five.")).Completed().Text);
    }

    [Fact]
    public async Task A_choice_is_among_the_tools_that_the_conversation_has()
    {
        Refusal(await Conversation.Say(Turn("hi") with { ToolChoice = ToolChoice.Required }).ToList(), "no tools");
        Refusal(await Conversation.Say(Ask("hi", "t0") with { ToolChoice = ToolChoice.Named("fly") }).ToList(), "'fly'", "get_weather, order_pizza");
        await Call();
        await Answer(Turn("again", "t2") with { ToolChoice = ToolChoice.Named("order_pizza"), ParallelToolCalls = false }, "ok");
        Assert.Equal((ToolChoiceMode.Required, "order_pizza", false), (Device.LastRequest!.ToolChoice.Mode, Device.LastRequest.ToolChoice.Allowed!.Single(), Device.LastRequest.ParallelToolCalls));
        await Answer(Turn("more", "t3"), "ok");
        Assert.Equal((ToolChoice.Auto, true), (Device.LastRequest!.ToolChoice, Device.LastRequest.ParallelToolCalls));
    }

    [Fact]
    public async Task Tools_are_kept_replaced_and_taken_away()
    {
        await Answer(Ask("a", "t1"), "ok");
        await Restart();
        await Answer(Turn("b", "t2"), "ok");
        Assert.Equal([Weather, Order], Device.LastRequest!.Tools);
        await Answer(Turn("c", "t3") with { Tools = [Order] }, "ok");
        Assert.Equal([Order], Device.LastRequest!.Tools);
        await Answer(Turn("d", "t4") with { Tools = [] }, "ok");
        await Answer(Turn("e", "t5"), "ok");
        Assert.Empty(Device.LastRequest!.Tools);
        Assert.Null((await Conversation.Read(0, 10))!.Tools);
    }

    [Fact]
    public async Task Calls_that_nobody_answers_are_bounded()
    {
        for (var i = 0; i <= Limits.MaxOpenCalls; i++)
        {
            await Call($"c{i}", $"t{i}");
        }

        Assert.Equal(Limits.MaxOpenCalls, (await Log.ReadHead())!.OpenCalls!.Count);
        Refusal(await Conversation.Say(Bring("late", ("c0", "x"))).ToList(), "'c0'");
        Assert.Equal("ok", (await Answer(Bring("last", ("c1", "x")), "ok")).Completed().Text);
    }

    private static (string Code, int Status) Refusal(List<ReplyEvent> events, params string[] words)
    {
        var problem = events.Failed();
        Assert.All(words, word => Assert.Contains(word, problem.Detail, StringComparison.Ordinal));
        Assert.Equal((ProblemCodes.Invalid, 400, false), (problem.Code, problem.Status, problem.Retryable));
        return (problem.Code, problem.Status);
    }
}
