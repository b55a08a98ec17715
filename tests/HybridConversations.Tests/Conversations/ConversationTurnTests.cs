namespace HybridConversations.Tests.Conversations;

/// <summary>A turn from its words to its stored reply.</summary>
public sealed class ConversationTurnTests : ConversationFixture
{
    [Fact]
    public async Task A_reply_comes_as_route_pieces_sentences_and_completion()
    {
        var events = await Exchange("hello", "Hi the", "re. How ", "are you?");

        Assert.Equal(new ReplyRouted(RouteTarget.Local, "No cloud endpoint is configured.", "local-only", 0), events[0]);
        Assert.Equal(["Hi the", "re. How ", "are you?"], events.OfType<ReplyText>().Select(e => e.Text));
        Assert.Equal(["Hi there.", "How are you?"], events.OfType<ReplySentence>().Select(e => e.Text));
        Assert.IsType<ReplySentence>(events[^2]);
        var completed = events.Completed();
        Assert.Equal("Hi there. How are you?", completed.Text);
        Assert.Equal((FinishReason.Stop, false), (completed.FinishReason, completed.Replayed));
        Assert.Equal(new TokenUsage(10, 4, 6, 4), completed.Usage);
        Assert.Single(events.OfType<ReplyCompleted>());
    }

    [Fact]
    public async Task A_sentence_is_told_before_the_next_piece_is_there()
    {
        await using var reader = new ReplyReader(Conversation.Say(Turn("hello")));
        Assert.IsType<ReplyRouted>(await reader.Next());
        var text = reader.Next();
        var generation = await Device.NextGeneration();
        generation.Say("One. Two");
        await text;
        Assert.Equal(new ReplySentence("One."), await reader.Next());
        generation.Say(".");
        generation.Finish();
        Assert.Equal(new ReplyText("."), await reader.Next());
        Assert.Equal(new ReplySentence("Two."), await reader.Next());
        Assert.IsType<ReplyCompleted>(await reader.Next());
        Assert.Null(await reader.Next());
    }

    [Fact]
    public async Task Words_are_stored_before_the_device_runs_and_the_reply_before_completion_is_told()
    {
        await using var reader = new ReplyReader(Conversation.Say(Turn("hello")));
        Assert.IsType<ReplyRouted>(await reader.Next());
        Assert.Equal((TurnState.Running, "hello"), ((await Stored("t-hello")).State, (await Stored("t-hello")).User));
        Assert.Equal(0, Device.Generations);

        var release = new TaskCompletionSource();
        Log.BeforeWrite = _ => release.Task;
        var text = reader.Next();
        var generation = await Device.NextGeneration();
        generation.Say("Hi.");
        generation.Finish();
        await text;
        await reader.Next();
        var last = reader.Next();
        Assert.False(last.IsCompleted);
        Assert.Equal(TurnState.Running, (await Stored("t-hello")).State);

        release.SetResult();
        Assert.IsType<ReplyCompleted>(await last);
        Assert.Equal((TurnState.Completed, "Hi."), ((await Stored("t-hello")).State, (await Stored("t-hello")).Reply));
    }

    [Fact]
    public async Task Everything_about_the_turn_is_on_record()
    {
        await using var reader = new ReplyReader(Conversation.Say(Turn("hello") with { Tenant = "acme" }));
        await reader.Next();
        Time.Advance(TimeSpan.FromMilliseconds(40));
        var text = reader.Next();
        var generation = await Device.NextGeneration();
        generation.Say("Hi");
        await text;
        Time.Advance(TimeSpan.FromMilliseconds(60));
        generation.Finish(FinishReason.Length);
        var completed = await reader.Until<ReplyCompleted>();

        Assert.Equal(new TurnTimings(40, 100, 3), completed.Timings);
        var stored = await Stored("t-hello");
        Assert.Equal((RouteTarget.Local, "local-only", 0d), (stored.Route!.Value, stored.RoutePolicy, stored.RouteScore!.Value));
        Assert.Equal(("scripted", FinishReason.Length), (stored.AnsweredBy, stored.FinishReason!.Value));
        Assert.Equal((completed.Usage, completed.Timings), (stored.Usage, stored.Timings));
        Assert.Equal(TimeSpan.FromMilliseconds(100), stored.EndedAt - stored.StartedAt);
        var head = (await Log.ReadHead())!;
        Assert.Equal((1, 1L), (head.Turns, head.LastSequence));
        Assert.Equal(new HybridConversations.Storage.KvReference("scripted", "0123abcd", 14), head.Kv);
    }

    [Fact]
    public async Task The_device_is_asked_what_the_caller_asked()
    {
        Device.Script = _ => ["ok"];
        var sampling = new SamplingOptions { MaxTokens = 5, Temperature = 0.5, Stop = ["\n"] };
        await Conversation.Say(Turn("hello") with { Sampling = sampling, Priority = TurnPriority.Voice, DeadlineMs = 900 }).ToList();

        var request = Device.LastRequest!;
        Assert.Equal(("c", sampling, TurnPriority.Voice, 900), (request.ConversationId, request.Sampling, request.Priority, request.DeadlineMs!.Value));
        Assert.Equal(["user: hello"], Shown());
    }

    [Fact]
    public async Task The_history_is_shown_oldest_first_behind_the_first_turns_system_prompt()
    {
        Device.Script = _ => ["one"];
        await Conversation.Say(Turn("first") with { System = "Be brief." }).ToList();
        Device.Script = _ => ["two"];
        await Conversation.Say(Turn("second") with { System = "Ignored." }).ToList();
        await Exchange("third", "three");

        Assert.Equal(["system: Be brief.", "user: first", "assistant: one", "user: second", "assistant: two", "user: third"], Shown());
        Assert.Equal("Be brief.", (await Conversation.Read(0, 10))!.System);
    }

    [Fact]
    public async Task Without_a_system_prompt_the_hosts_is_shown_and_not_stored()
    {
        Options = Options with { DefaultSystem = "Default." };
        await Exchange("hello", "hi");
        Assert.Equal(["system: Default.", "user: hello"], Shown());
        Assert.Null((await Conversation.Read(0, 10))!.System);
    }

    [Fact]
    public async Task The_history_outlives_the_process()
    {
        await Exchange("first", "one");
        await Restart();
        await Exchange("second", "two");
        Assert.Equal(["user: first", "assistant: one", "user: second"], Shown());
    }

    [Fact]
    public async Task An_invalid_turn_is_refused_with_every_error_and_nothing_is_stored()
    {
        var wrong = new Turn { TurnId = "a\nb", Text = " ", DeadlineMs = 0, Sampling = new SamplingOptions { Temperature = 3 } };
        var problem = (await Conversation.Say(wrong).ToList()).Failed();
        Assert.Equal((ProblemCodes.Invalid, 400), (problem.Code, problem.Status));
        Assert.All(["turnId", "text", "deadlineMs", "temperature"], name => Assert.Contains(name, problem.Detail, StringComparison.Ordinal));
        Assert.Null(await Log.ReadHead());
    }

    [Fact]
    public async Task A_refusal_of_the_device_is_the_turns_failure_and_may_be_sent_again()
    {
        Device.Refusal = new ProblemException(ProblemCodes.Overload("The queue is full.", 700));
        var events = await Conversation.Say(Turn("hello")).ToList();
        Assert.Equal(ProblemCodes.Overload("The queue is full.", 700), events.Failed());
        var stored = await Stored("t-hello");
        Assert.Equal((TurnState.Failed, true, ProblemCodes.Overloaded), (stored.State, stored.Repeatable, stored.Problem!.Code));

        Device.Refusal = null;
        var again = await Exchange("hello", "Hi.");
        Assert.Equal(("Hi.", false), (again.Completed().Text, again.Completed().Replayed));
        Assert.Equal(["user: hello"], Shown());
        Assert.Equal(1, (await Log.ReadHead())!.Turns);
        Assert.Single((await Conversation.Read(0, 10))!.Turns);
    }

    [Fact]
    public async Task An_error_in_the_device_is_told_by_reference_and_without_its_words()
    {
        await using var reader = new ReplyReader(Conversation.Say(Turn("hello")));
        var text = Task.Run(reader.Until<ReplyText>);
        var generation = await Device.NextGeneration();
        generation.Say("Half a");
        generation.Fail(new InvalidOperationException("secret path /etc/shadow"));
        await text;
        var problem = (await reader.Until<ReplyFailed>()).Problem;
        Assert.Equal((ProblemCodes.Internal, 500, true), (problem.Code, problem.Status, problem.Retryable));
        Assert.DoesNotContain("shadow", problem.Detail, StringComparison.Ordinal);
        Assert.Matches("reference [0-9a-f]{8}", problem.Detail);
        Assert.Equal((TurnState.Failed, "Half a"), ((await Stored("t-hello")).State, (await Stored("t-hello")).Reply));
    }

    [Fact]
    public async Task A_device_that_ends_without_a_word_is_lost()
    {
        var events = Conversation.Say(Turn("hello")).ToList();
        (await Device.NextGeneration()).BreakOff();
        var problem = (await events).Failed();
        Assert.Equal((ProblemCodes.DeviceLost, true), (problem.Code, problem.Retryable));
    }

    [Fact]
    public async Task A_cancellation_that_nobody_asked_for_is_an_error()
    {
        var events = Conversation.Say(Turn("hello")).ToList();
        (await Device.NextGeneration()).Fail(new TaskCanceledException("inner time-out"));
        Assert.Equal(ProblemCodes.Internal, (await events).Failed().Code);
    }

    [Fact]
    public async Task An_empty_reply_is_complete_and_joins_its_words_to_the_next()
    {
        Assert.Equal("", (await Exchange("first")).Completed().Text);
        await Exchange("second", "two");
        Assert.Equal(["user: first\nsecond"], Shown());
    }

    [Fact]
    public async Task The_remaining_time_is_the_devices_deadline()
    {
        Device.Script = _ => ["ok"];
        await using var reader = new ReplyReader(Conversation.Say(Turn("hello") with { DeadlineMs = 1000 }));
        await reader.Next();
        Time.Advance(TimeSpan.FromMilliseconds(300));
        await reader.Next();
        Assert.Equal(700, Device.LastRequest!.DeadlineMs);
    }

    [Fact]
    public async Task Pages_of_the_history_are_oldest_first_and_bounded()
    {
        for (var i = 1; i <= 5; i++)
        {
            await Exchange($"q{i}", $"a{i}");
        }

        var first = (await Conversation.Read(0, 2))!;
        Assert.Equal(["q1", "q2"], first.Turns.Select(t => t.User));
        var second = (await Conversation.Read(first.Next!.Value, 2))!;
        var third = (await Conversation.Read(second.Next!.Value, 2))!;
        Assert.Equal(["q5"], third.Turns.Select(t => t.User));
        Assert.Null(third.Next);
        Assert.Null((await Conversation.Read(0, 5))!.Next);
        await Assert.ThrowsAsync<ProblemException>(() => Conversation.Read(0, 0));
        await Assert.ThrowsAsync<ProblemException>(() => Conversation.Read(0, Limits.MaxPage + 1));
    }

    [Fact]
    public async Task A_conversation_without_a_turn_reads_as_null() => Assert.Null(await Conversation.Read(0, 10));
}
