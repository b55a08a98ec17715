using HybridConversations.Conversations;
using HybridConversations.InProcess;

namespace HybridConversations.Tests.Conversations.Tools;

/// <summary>A call is announced once it is on record, its result is taken once, and the model is told both.</summary>
public sealed class ToolCallTests : ToolFixture
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly ToolCall Called = new("c1", "get_weather", """{"city":"Oslo"}""");

    [Fact]
    public async Task A_call_goes_out_and_its_result_comes_back()
    {
        var asked = await Call(said: "Let me look.");

        Assert.Equal(
            [typeof(ReplyRouted), typeof(ReplyText), typeof(ReplySentence), typeof(ReplyToolCall), typeof(ReplyCompleted)], asked.Select(e => e.GetType()));
        Assert.Equal(ReplyToolCall.Of(Called), asked.OfType<ReplyToolCall>().Single());
        Assert.Equal(("Let me look.", FinishReason.ToolCalls), (asked.Completed().Text, asked.Completed().FinishReason));
        Assert.Equal([Weather, Order], Device.LastRequest!.Tools);

        var answered = await Answer(Bring("t2", ("c1", "5 °C")), "It is five degrees.");

        Assert.Equal(["user: weather in Oslo?", "assistant: Let me look. → get_weather(c1)", "tool c1: 5 °C"], Prompt());
        Assert.Equal([Weather, Order], Device.LastRequest!.Tools);
        Assert.Equal(FinishReason.Stop, answered.Completed().FinishReason);

        await Answer(Turn("thanks", "t3"), "You're welcome.");
        Assert.Equal(
            ["user: weather in Oslo?", "assistant: Let me look. → get_weather(c1)", "tool c1: 5 °C", "assistant: It is five degrees.", "user: thanks"], Prompt());
    }

    [Fact]
    public async Task Reads_show_it()
    {
        await Call();
        var page = (await Conversation.Read(0, 10))!;
        Assert.Equal([Weather, Order], page.Tools);
        Assert.Equal([new OpenCall(Called, "t1")], page.OpenCalls);
        Assert.Equal([Called], Assert.Single(page.Turns).ToolCalls);

        await Answer(Bring("t2", ("c1", "5 °C")), "Five.");
        page = (await Conversation.Read(0, 10))!;
        Assert.Null(page.OpenCalls);
        Assert.Equal([new ToolResult("c1", "5 °C")], page.Turns[1].ToolResults);
        Assert.Equal("", page.Turns[1].User);
    }

    [Fact]
    public async Task It_is_on_record_before_anyone_hears_of_it()
    {
        var reader = new ReplyReader(Conversation.Say(Ask("order one", "t1")));
        var told = Task.Run(reader.Until<ReplyToolCall>);
        var device = await Device.NextGeneration();
        var (reached, release) = (new TaskCompletionSource<TurnRecord>(), new TaskCompletionSource());
        Log.BeforeWrite = turn =>
        {
            reached.TrySetResult(turn);
            return release.Task;
        };
        device.Call("c1", "order_pizza");

        var written = await reached.Task.WaitAsync(Patience);
        Assert.Equal([new ToolCall("c1", "order_pizza", "{}")], written.ToolCalls);
        Assert.False(told.IsCompleted);
        release.SetResult();
        await told.WaitAsync(Patience);
        Assert.Equal(TurnState.Running, (await Stored("t1")).State);
        Assert.Equal("c1", Assert.Single((await Log.ReadHead())!.OpenCalls!).Call.CallId);
        await reader.DisposeAsync();
    }

    [Fact]
    public async Task One_that_cannot_be_stored_is_not_announced_and_the_turn_may_be_sent_again()
    {
        var reply = Conversation.Say(Ask("order one", "t1")).ToList();
        var device = await Device.NextGeneration();
        Log.BeforeWrite = turn => turn.ToolCalls is null ? Task.CompletedTask : throw new ProblemException(new Problem(ProblemCodes.Storage, 507, "Full.", Retryable: true));
        device.Call("c1", "order_pizza");
        device.Finish(FinishReason.ToolCalls);

        Assert.Equal((ProblemCodes.Storage, true), ((await reply).Failed().Code, (await reply).Failed().Retryable));
        Assert.Empty((await reply).OfType<ReplyToolCall>());
        Log.BeforeWrite = _ => Task.CompletedTask;
        Assert.Equal("c2", (await Call("c2", "t9")).OfType<ReplyToolCall>().Single().CallId);
        Assert.Equal("c3", (await Answer(Ask("order one", "t1"), again =>
        {
            again.Call("c3", "order_pizza");
            again.Finish(FinishReason.ToolCalls);
        })).OfType<ReplyToolCall>().Single().CallId);
    }

    [Fact]
    public async Task A_result_that_is_sent_twice_runs_nothing_twice()
    {
        await Call();
        var first = await Answer(Bring("t2", ("c1", "5 °C")), "Five.");
        var again = await Conversation.Say(Bring("t2", ("c1", "5 °C"))).ToList();
        Assert.Equal(first.Completed() with { Replayed = true }, again.Completed());

        var other = (await Conversation.Say(Bring("t3", ("c1", "5 °C"))).ToList()).Failed();
        Assert.Equal((ProblemCodes.CallAnswered, 409, false), (other.Code, other.Status, other.Retryable));
        Assert.Contains("'t2'", other.Detail, StringComparison.Ordinal);
        Assert.Equal(ProblemCodes.TurnIdReused, (await Conversation.Say(Bring("t2", ("c1", "6 °C"))).ToList()).Failed().Code);
        Assert.Equal(2, Device.Generations);
        Assert.Equal(2, (await Conversation.Read(0, 10))!.Turns.Count);
    }

    [Fact]
    public async Task A_turn_with_a_call_is_told_again_under_the_same_id()
    {
        await Call(said: "Let me look.");
        await Restart();
        var again = await Conversation.Say(Ask("weather in Oslo?", "t1")).ToList();
        Assert.Equal(ReplyToolCall.Of(Called), again.OfType<ReplyToolCall>().Single());
        Assert.Equal((true, FinishReason.ToolCalls), (again.Completed().Replayed, again.Completed().FinishReason));
        Assert.Equal(1, Device.Generations);
    }

    [Fact]
    public async Task Who_speaks_between_call_and_result_loses_neither()
    {
        await Call(name: "order_pizza");
        await Answer(Turn("and hurry", "t2", interrupt: true), "I will.");
        string[] hurried = ["user: weather in Oslo?", "assistant:  → order_pizza(c1)", $"tool c1: {PromptMessages.Awaited}", "user: and hurry"];
        Assert.Equal(hurried, Prompt());
        await Restart();

        await Answer(Bring("t3", ("c1", "ordered, 20 minutes")), "It comes in 20 minutes.");

        string[] told = [.. hurried, "assistant: I will.", "assistant:  → order_pizza(c1)", "tool c1: ordered, 20 minutes"];
        Assert.Equal(told, Prompt());
        await Restart();
        await Answer(Turn("great", "t4"), "Yes.");
        Assert.Equal([.. told, "assistant: It comes in 20 minutes.", "user: great"], Prompt());
    }

    [Fact]
    public async Task What_was_said_in_between_and_not_answered_stands_before_the_result()
    {
        await Call(name: "order_pizza");
        await using var reader = new ReplyReader(Conversation.Say(Turn("and hurry", "t2")));
        var routed = Task.Run(reader.Until<ReplyCompleted>);
        await Device.NextGeneration();
        await Answer(Bring("t3", ("c1", "ordered")) with { Interrupt = true }, "Done.");
        Assert.Equal(FinishReason.Interrupted, (await routed.WaitAsync(Patience)).FinishReason);
        Assert.Equal(
            ["user: weather in Oslo?", "assistant:  → order_pizza(c1)", $"tool c1: {PromptMessages.Awaited}", "user: and hurry", "assistant:  → order_pizza(c1)", "tool c1: ordered"],
            Prompt());
    }

    [Fact]
    public async Task A_barge_in_while_the_call_is_made_keeps_it()
    {
        var reader = new ReplyReader(Conversation.Say(Ask("order one", "t1")));
        var told = Task.Run(reader.Until<ReplyToolCall>);
        (await Device.NextGeneration()).Call("c1", "order_pizza");
        await told;
        var completed = Task.Run(reader.Until<ReplyCompleted>);

        var brought = await Answer(Bring("t2", ("c1", "ordered")) with { Text = "is it done", Interrupt = true }, "Done.");

        Assert.Equal(FinishReason.ToolCalls, (await completed.WaitAsync(Patience)).FinishReason);
        Assert.Equal("Done.", brought.Completed().Text);
        Assert.Equal(["user: order one", "assistant:  → order_pizza(c1)", "tool c1: ordered", "user: is it done"], Prompt());
        Assert.Equal((TurnState.Interrupted, false), ((await Stored("t1")).State, (await Stored("t1")).Repeatable));
        await reader.DisposeAsync();
    }

    [Fact]
    public async Task A_barge_in_on_the_answer_to_a_result_keeps_the_result()
    {
        await Call(name: "order_pizza");
        var reader = new ReplyReader(Conversation.Say(Bring("t2", ("c1", "ordered"))));
        var routed = Task.Run(reader.Until<ReplyText>);
        await Device.NextGeneration();

        await Answer(Turn("wait", "t3", interrupt: true), "Yes?");

        Assert.Equal(["user: weather in Oslo?", "assistant:  → order_pizza(c1)", "tool c1: ordered", "user: wait"], Prompt());
        Assert.Equal(ProblemCodes.CallAnswered, (await Conversation.Say(Bring("t4", ("c1", "ordered"))).ToList()).Failed().Code);
        await Assert.ThrowsAnyAsync<Exception>(() => routed);
        await reader.DisposeAsync();
    }

    [Fact]
    public async Task The_result_of_a_turn_that_failed_counts_and_the_turn_may_be_sent_again()
    {
        await Call(name: "order_pizza");
        var failed = await Answer(Bring("t2", ("c1", "ordered")), device => device.Fail(new InvalidOperationException("broken")));
        Assert.True(failed.Failed().Retryable);
        Assert.Equal(ProblemCodes.CallAnswered, (await Conversation.Say(Bring("t3", ("c1", "ordered"))).ToList()).Failed().Code);
        await Restart();

        await Answer(Turn("well?", "t4"), "It is ordered.");
        Assert.Equal(["user: weather in Oslo?", "assistant:  → order_pizza(c1)", "tool c1: ordered", "user: well?"], Prompt());

        await Answer(Bring("t2", ("c1", "ordered")), "As I said.");
        Assert.Equal(
            ["user: weather in Oslo?", "assistant:  → order_pizza(c1)", $"tool c1: {PromptMessages.Awaited}", "user: well?", "assistant: It is ordered.", "assistant:  → order_pizza(c1)", "tool c1: ordered"],
            Prompt());
    }

    [Fact]
    public async Task A_device_that_fails_behind_a_call_does_not_take_it_back()
    {
        var events = await Answer(Ask("order one", "t1"), device =>
        {
            device.Call("c1", "order_pizza");
            device.Fail(new InvalidOperationException("broken"));
        });
        Assert.Equal(FinishReason.ToolCalls, events.Completed().FinishReason);
        Assert.NotNull((await Stored("t1")).Problem);
        Assert.Equal("c1", (await Conversation.Say(Ask("order one", "t1")).ToList()).OfType<ReplyToolCall>().Single().CallId);
        Assert.Equal(1, Device.Generations);
    }

    [Fact]
    public async Task A_host_that_dies_between_the_call_and_the_end_of_its_turn_leaves_it_to_be_answered()
    {
        await using var reader = new ReplyReader(Conversation.Say(Ask("order one", "t1")));
        var told = Task.Run(reader.Until<ReplyToolCall>);
        (await Device.NextGeneration()).Call("c1", "order_pizza");
        await told;

        // Another host, over the same record, on which the turn runs for ever.
        var other = new Conversation("c", Log, new ConversationServices { Devices = new SingleDevicePicker(Device), Memories = new SingleDeviceMemory(Device), Time = Time });
        Assert.Equal(TurnState.Running, (await Stored("t1")).State);
        var shown = Assert.Single((await other.Read(0, 10))!.Turns);
        Assert.Equal((TurnState.Interrupted, false, FinishReason.ToolCalls), (shown.State, shown.Repeatable, shown.FinishReason));
        var again = await other.Say(Ask("order one", "t1")).ToList();
        Assert.Equal("c1", again.OfType<ReplyToolCall>().Single().CallId);
        Assert.Equal((true, FinishReason.ToolCalls), (again.Completed().Replayed, again.Completed().FinishReason));

        var brought = other.Say(Bring("t2", ("c1", "ordered"))).ToList();
        var device = await Device.NextGeneration();
        device.Say("Done.");
        device.Finish();
        Assert.Equal("Done.", (await brought).Completed().Text);
        Assert.Equal(["user: order one", "assistant:  → order_pizza(c1)", "tool c1: ordered"], Prompt());
        Assert.Equal(2, Device.Generations);
    }

    [Fact]
    public async Task Several_calls_may_be_answered_one_by_one()
    {
        await Answer(Ask("both", "t1"), device =>
        {
            device.Call("c1", "get_weather");
            device.Call("c2", "order_pizza", index: 1);
            device.Finish(FinishReason.ToolCalls);
        });
        await Answer(Bring("t2", ("c2", "ordered")), "Ordered.");
        Assert.Equal(["user: both", "assistant:  → get_weather(c1) → order_pizza(c2)", $"tool c1: {PromptMessages.Awaited}", "tool c2: ordered"], Prompt());
        await Answer(Bring("t3", ("c1", "5 °C")) with { Text = "and now?" }, "Five.");
        Assert.Equal(["assistant: Ordered.", "assistant:  → get_weather(c1)", "tool c1: 5 °C", "user: and now?"], Prompt()[4..]);
        Assert.Null((await Log.ReadHead())!.OpenCalls);
    }

    [Fact]
    public async Task A_call_that_is_cut_off_in_the_middle_is_none()
    {
        var events = await Answer(Ask("order one", "t1"), device =>
        {
            device.Say("Well");
            device.BeginCall("c1", "order_pizza");
            device.Finish(FinishReason.Length);
        });
        Assert.Empty(events.OfType<ReplyToolCall>());
        Assert.Equal((FinishReason.Length, "Well"), (events.Completed().FinishReason, events.Completed().Text));
        Assert.Null((await Stored("t1")).ToolCalls);
    }

    [Fact]
    public async Task An_id_that_was_used_before_is_not_used_again()
    {
        await Call("call_0");
        await Answer(Bring("t2", ("call_0", "5 °C")), "Five.");
        var second = (await Call("call_0", "t3")).OfType<ReplyToolCall>().Single().CallId;
        Assert.NotEqual("call_0", second);
        await Answer(Bring("t4", (second, "6 °C")), "Six.");
        Assert.Equal($"tool {second}: 6 °C", Prompt()[^1]);
    }

    [Fact]
    public async Task What_was_heard_cuts_the_words_and_not_the_call()
    {
        await Call(said: "Let me look that up for you.");
        Assert.Equal(new InterruptResult("t1", "Let me look", InterruptOutcome.Cut), await Conversation.InterruptTurn("t1", "let me look"));
        Assert.Equal((FinishReason.ToolCalls, "Let me look"), ((await Stored("t1")).FinishReason, (await Stored("t1")).Reply));
        await Answer(Bring("t2", ("c1", "5 °C")), "Five.");
        Assert.Equal("assistant: Let me look → get_weather(c1)", Prompt()[1]);
    }

    [Fact]
    public async Task Drafts_are_read_with_the_tools_in_view()
    {
        await Call();
        await Conversation.Listen(new SpokenDraft("and in", Speculate: true));
        var (draft, speculate) = Device.Drafts.Last();
        Assert.Equal([Weather, Order], draft.Tools);
        Assert.False(speculate);
        Assert.Equal(["tool c1: " + PromptMessages.Awaited, "user: and in"], draft.Messages.Select(Line).TakeLast(2));
    }
}
