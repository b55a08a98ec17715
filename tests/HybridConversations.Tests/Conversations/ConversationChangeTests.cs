using HybridConversations.Conversations;

namespace HybridConversations.Tests.Conversations;

public sealed class ConversationChangeTests : ConversationFixture
{
    [Fact]
    public async Task It_begins_once_and_its_first_turn_takes_what_it_began_with()
    {
        var begun = Time.GetUtcNow() - TimeSpan.FromDays(3);
        Assert.True(await Conversation.Change(new BeginConversation("Be brief.", "note", [], begun)));
        Assert.False(await Conversation.Change(new BeginConversation("Other.", null, [])));
        await Restart();
        await Exchange("hello", "Hi.");
        Assert.Equal(["system: Be brief.", "user: hello"], Shown());
        Assert.Equal(begun, Device.LastRequest!.Date);
        var page = (await Conversation.Read(0, 10))!;
        Assert.Equal(("note", begun, 1L), (page.Note, page.BegunAt, page.LastSequence));
        Assert.True(await Conversation.Change(new ChangeNote("other")));
        Assert.Equal("other", (await Conversation.Read(0, 10))!.Note);
    }

    [Fact]
    public async Task Nothing_of_a_conversation_that_is_not_there_is_changed()
    {
        Assert.False(await Conversation.Change(new ChangeNote("x")));
        Assert.False(await Conversation.Change(new AddMessages("t", [new ChatMessage(ChatMessage.User, "x")])));
        Assert.False(await Conversation.Change(new EraseTurn("t")));
        Assert.Null(await Conversation.Read(0, 10));
        Assert.Null(await Conversation.Find("t"));
    }

    [Fact]
    public async Task A_fork_shows_the_turns_it_began_with_and_their_calls_wait_there()
    {
        var call = new ToolCall("c1", "weather", "{}");
        await Conversation.Change(new BeginConversation(null, null,
        [
            Ended("t1", "one", "uno"),
            Ended("t2", "weather?", "") with { ToolCalls = [call], FinishReason = FinishReason.ToolCalls },
        ]));
        Assert.Equal([call], (await Conversation.Read(0, 10))!.OpenCalls!.Select(open => open.Call));
        Device.Script = _ => ["Cold."];
        var events = await Conversation.Say(Turn("", "t3") with { ToolResults = [new ToolResult("c1", "5 degrees")] }).ToList();
        Assert.IsType<ReplyCompleted>(events[^1]);
        Assert.Equal(["user: one", "assistant: uno", "user: weather?", "assistant: ", "tool: 5 degrees"], Shown());
        Assert.Null((await Conversation.Read(0, 10))!.OpenCalls);
    }

    [Fact]
    public async Task Messages_that_are_added_are_shown_with_the_next_turn_and_added_once()
    {
        await Exchange("one", "uno");
        AddMessages add = new("a1", [new ChatMessage(ChatMessage.System, "News: rain."), new ChatMessage(ChatMessage.User, "by the way")]);
        Assert.True(await Conversation.Change(add));
        Assert.True(await Conversation.Change(add));
        await Exchange("two", "dos");
        Assert.Equal(["user: one", "assistant: uno", "system: News: rain.", "user: by the way\ntwo"], Shown());
        await Restart();
        await Exchange("three", "tres");
        Assert.Equal(["user: one", "assistant: uno", "system: News: rain.", "user: by the way\ntwo", "assistant: dos", "user: three"], Shown());
    }

    [Fact]
    public async Task What_a_person_thought_is_on_record_of_any_turn_and_erased_with_it()
    {
        await Exchange("one", "uno");
        await Exchange("two", "dos");
        Assert.True(await Conversation.Change(new JudgeTurn("t-one", TurnFeedback.Bad)));
        Assert.True(await Conversation.Change(new JudgeTurn("t-one", TurnFeedback.ShouldBeCloud)));
        Assert.True(await Conversation.Change(new JudgeTurn("t-two", TurnFeedback.Good)));
        Assert.False(await Conversation.Change(new JudgeTurn("t-three", TurnFeedback.Good)));
        await Restart();
        Assert.Equal([TurnFeedback.ShouldBeCloud, TurnFeedback.Good], (await Conversation.Read(0, 10))!.Turns.Select(turn => turn.Feedback));
        Assert.Equal("uno", (await Stored("t-one")).Reply);
        Assert.True(await Conversation.Change(new JudgeTurn("t-two", null)));
        Assert.Null((await Stored("t-two")).Feedback);
        await Conversation.Change(new EraseTurn("t-one"));
        Assert.Null((await Stored("t-one")).Feedback);
        Assert.False(await Conversation.Change(new JudgeTurn("t-one", TurnFeedback.Good)));
    }

    [Fact]
    public async Task What_is_erased_is_neither_shown_nor_said_again()
    {
        await Exchange("one", "uno");
        await Exchange("two", "dos");
        Assert.True(await Conversation.Change(new EraseTurn("t-one")));
        Assert.False(await Conversation.Change(new EraseTurn("t-one")));
        Assert.True((await Conversation.Find("t-one"))!.IsErased);
        Assert.Contains("c", Device.Forgotten);
        await Exchange("three", "tres");
        Assert.Equal(["user: two", "assistant: dos", "user: three"], Shown());
        Assert.True(await Conversation.Change(new EraseTurn("t-two", TurnPart.Reply)));
        await Exchange("four", "cuatro");
        Assert.Equal(["user: two\nthree", "assistant: tres", "user: four"], Shown());
    }

    [Fact]
    public async Task A_turn_that_must_follow_another_is_refused_where_a_third_has_come()
    {
        await Exchange("one", "uno");
        await Exchange("two", "dos");
        Assert.Equal(ProblemCodes.TurnNotLast, (await Refusal(Turn("x") with { After = "t-one" })).Code);
        Assert.Equal(ProblemCodes.NotFound, (await Refusal(Turn("x") with { After = "nobody" })).Code);
        Device.Script = _ => ["tres"];
        var turn = Turn("three") with { After = "t-two" };
        Assert.IsType<ReplyCompleted>((await Conversation.Say(turn).ToList())[^1]);
        Assert.True(((ReplyCompleted)(await Conversation.Say(turn).ToList())[^1]).Replayed);
        await Conversation.Change(new EraseTurn("t-three"));
        Assert.Equal(ProblemCodes.NotFound, (await Refusal(Turn("x") with { After = "t-three" })).Code);
    }

    [Fact]
    public async Task While_a_turn_runs_nothing_is_changed()
    {
        Device.Script = _ => ["uno"];
        await using var events = Conversation.Say(Turn("one")).GetAsyncEnumerator();
        await events.MoveNextAsync();
        var refused = await Assert.ThrowsAsync<ProblemException>(() => Conversation.Change(new ChangeNote("x")));
        Assert.Equal(ProblemCodes.TurnInProgress, refused.Problem.Code);
        Assert.Equal(TurnState.Running, (await Conversation.Find("t-one"))!.State);
    }

    [Fact]
    public async Task What_was_said_elsewhere_is_shown_before_the_turn_and_from_then_on()
    {
        Device.Script = _ => ["dos"];
        var turn = Turn("two") with
        {
            Instructions = "Now only.",
            Earlier =
            [
                new ChatMessage(ChatMessage.User, "weather?"),
                new ChatMessage(ChatMessage.Assistant, "") { ToolCalls = [new ToolCall("c1", "f", "{}")] },
                new ChatMessage(ChatMessage.Assistant, "") { ToolCalls = [new ToolCall("c2", "g", "{}")] },
                new ChatMessage(ChatMessage.Tool, "cold") { ToolCallId = "c1" },
                new ChatMessage(ChatMessage.User, "hm"),
            ],
        };
        await Conversation.Say(turn).ToList();
        string[] shown = ["user: weather?", "assistant: ", "tool: cold", $"tool: {PromptMessages.Awaited}", "user: hm\ntwo"];
        Assert.Equal(["system: Now only.", .. shown], Shown());
        Assert.Equal(["c1", "c2"], Device.LastRequest!.Messages[2].ToolCalls.Select(call => call.CallId));
        await Restart();
        await Exchange("three", "tres");
        Assert.Equal([.. shown, "assistant: dos", "user: three"], Shown());
    }

    [Fact]
    public async Task Wishes_for_privacy_that_were_spoken_elsewhere_count()
    {
        Device.Script = _ => ["uno"];
        await Conversation.Say(Turn("one") with { Earlier = [new ChatMessage(ChatMessage.User, "Please keep this private.")] }).ToList();
        await Exchange("two", "dos");
        Assert.True((await Stored("t-one")).Private);
        Assert.True((await Stored("t-two")).Private);

        // A fork behind private turns stays private, too.
        var turns = (await Conversation.Read(0, 10))!.Turns;
        await Conversation.Delete();
        await Conversation.Change(new BeginConversation(null, null, [turns[1]]));
        await Exchange("three", "tres");
        Assert.True((await Stored("t-three")).Private);
    }

    [Fact]
    public async Task What_was_said_elsewhere_goes_to_the_cloud_only_where_nothing_in_it_is_private()
    {
        (Cloud, Router) = (new ScriptedEscalation(), new FixedRouter(RouteTarget.Cloud));
        Device.Script = _ => ["From the device."];
        await Conversation.Say(Turn("open") with { Earlier = [new ChatMessage(ChatMessage.User, "weather?"), new ChatMessage(ChatMessage.Assistant, "Rain.")] }).ToList();
        Assert.Equal(["weather?", "Rain.", "open"], Cloud.Requests.Last().Messages.Select(message => message.Content));
        var secret = Turn("help me") with { Earlier = [new ChatMessage(ChatMessage.User, "keep this private: I am ill"), new ChatMessage(ChatMessage.Assistant, "I will.")] };
        Assert.Equal("From the device.", (await Conversation.Say(secret).ToList()).Completed().Text);
        await Conversation.Say(Turn("this is no longer private")).ToList();
        await Conversation.Say(Turn("and now?")).ToList();
        Assert.Equal(2, Cloud.Requests.Count);
        Assert.Equal(["weather?", "Rain.", "open", "From the cloud.", "and now?"], Cloud.Requests.Last().Messages.Select(message => message.Content));
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_is_wrong_is_refused(ConversationChange change)
    {
        await Exchange("one", "uno");
        var refused = await Assert.ThrowsAsync<ProblemException>(() => Conversation.Change(change));
        Assert.Equal(ProblemCodes.Invalid, refused.Problem.Code);
    }

    public static TheoryData<ConversationChange> Wrong { get; } =
    [
        new ChangeNote(new string('x', Limits.MaxNoteCharacters + 1)),
        new AddMessages("", [new ChatMessage(ChatMessage.User, "x")]),
        new AddMessages("t", []),
        new AddMessages("t", [new ChatMessage("robot", "x")]),
        new AddMessages("t", [new ChatMessage(ChatMessage.User, new string('x', Limits.MaxEarlierCharacters + 1))]),
        new BeginConversation(null, null, [Ended("t1", "a", "b"), Ended("t1", "a", "b")]),
        new BeginConversation(null, null, [Ended("t1", "a", "b") with { State = TurnState.Running }]),
        new EraseTurn("t-one", TurnPart.Earlier, -1),
    ];

    private static TurnRecord Ended(string id, string user, string reply) => new()
    {
        Sequence = 7,
        TurnId = id,
        User = user,
        Reply = reply,
        State = TurnState.Completed,
        StartedAt = DateTimeOffset.UnixEpoch,
    };

    private async Task<Problem> Refusal(Turn turn) => Assert.IsType<ReplyFailed>(Assert.Single(await Conversation.Say(turn).ToList())).Problem;
}
