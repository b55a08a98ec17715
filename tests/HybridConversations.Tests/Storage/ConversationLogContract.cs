using HybridConversations.Storage;

namespace HybridConversations.Tests.Storage;

/// <summary>What every <see cref="IConversationLog"/> must do. Derive, and open a log of the implementation.</summary>
public abstract class ConversationLogContract
{
    private static readonly DateTimeOffset Start = new(2026, 5, 6, 7, 8, 9, 123, TimeSpan.Zero);

    /// <summary>A log over a store that lives as long as the test.</summary>
    protected abstract IConversationLog Open(string conversationId);

    [Fact]
    public async Task A_conversation_without_a_turn_does_not_exist()
    {
        var log = Open("nobody");
        Assert.Null(await log.ReadHead());
        Assert.Empty(await log.ReadTurns(0, 10));
        Assert.Null(await log.FindTurn("t1"));
        Assert.False(await log.Delete());
    }

    [Fact]
    public async Task Every_member_of_a_turn_and_a_head_comes_back()
    {
        var log = Open("c");
        var turn = new TurnRecord
        {
            Sequence = 7,
            TurnId = "t/π — 1",
            User = "Line one\nline two \"quoted\" \\ 😀",
            Reply = "تجربة",
            State = TurnState.Failed,
            Repeatable = true,
            Private = true,
            Route = RouteTarget.Cloud,
            RouteReason = "Because.",
            RoutePolicy = "classifier",
            RouteScore = 0.75,
            AnsweredBy = "jetson-7",
            FinishReason = FinishReason.Cut,
            Usage = new TokenUsage(100, 20, 60, 40, new ReusedTokens(10, 20, 20, 10)),
            Timings = new TurnTimings(1.5, 22.25, 0.125),
            Problem = new Problem("overloaded", 503, "Detail 😀", Retryable: true, RetryAfterMs: 250),
            StartedAt = Start,
            EndedAt = Start.AddSeconds(3),
        };
        var head = new ConversationHead
        {
            Id = "c",
            System = "Be brief.",
            Turns = 5,
            LastSequence = 7,
            WindowAfter = 2,
            Kv = new KvReference("jetson-7", "abc", 120),
            UpdatedAt = Start,
        };

        await log.Append(turn, head);

        Assert.Equal(head, await log.ReadHead());
        Assert.Equal(turn, await log.FindTurn(turn.TurnId));
        Assert.Equal(turn, Assert.Single(await log.ReadTurns(0, 10)));
    }

    [Fact]
    public async Task Calls_results_and_tools_come_back()
    {
        var log = Open("c");
        var call = new ToolCall("c1", "get_weather", """{"city":"Łódź"}""");
        var turn = Turn(1) with
        {
            ToolCalls = [call, new ToolCall("c2", "get_time", "{}")],
            ToolResults = [new ToolResult("c0", "5 °C 😀"), new ToolResult("b9", "") { Call = new ToolCall("b9", "old", "{}") }],
            Reasoning = "Hmm.",
        };
        var head = Head("c", 1) with
        {
            Tools = [new ToolDefinition("get_weather", "The weather.", """{"type":"object"}""") { Strict = true }, new ToolDefinition("get_time")],
            OpenCalls = [new OpenCall(call, "t1", RouteTarget.Cloud, Private: true)],
        };

        await log.Append(turn, head);

        var found = (await log.FindTurn("t1"))!;
        Assert.Equal(turn.ToolCalls, found.ToolCalls);
        Assert.Equal(turn.ToolResults, found.ToolResults);
        Assert.Equal("Hmm.", found.Reasoning);
        var read = (await log.ReadHead())!;
        Assert.Equal(head.Tools, read.Tools);
        Assert.Equal(head.OpenCalls, read.OpenCalls);
        await log.Update(turn with { ToolCalls = null, Reasoning = null }, head with { OpenCalls = null });
        Assert.Equal((null, null), ((await log.FindTurn("t1"))!.ToolCalls, (await log.ReadHead())!.OpenCalls));
    }

    [Fact]
    public async Task A_head_without_turns_makes_a_conversation_and_its_note_comes_back()
    {
        var log = Open("c");
        await log.WriteHead(Head("c", 0) with { Turns = 0, LastSequence = 0, Note = """{"a":"😀"}""" });
        Assert.Equal("""{"a":"😀"}""", (await log.ReadHead())!.Note);
        await log.Append(Turn(1) with { Note = "n", Earlier = [new ChatMessage(ChatMessage.Assistant, "") { ToolCalls = [new ToolCall("c1", "f", "{}")] }, new ChatMessage(ChatMessage.Tool, "5") { ToolCallId = "c1" }] }, (await log.ReadHead())! with { LastSequence = 1, Turns = 1 });
        var turn = (await log.FindTurn("t1"))!;
        Assert.Equal(("n", "c1", "c1"), (turn.Note, turn.Earlier![0].ToolCalls[0].CallId, turn.Earlier[1].ToolCallId));
        await log.Update(turn with { Note = null, Earlier = null }, (await log.ReadHead())! with { Note = null });
        Assert.Equal((null, null, null), ((await log.FindTurn("t1"))!.Note, (await log.FindTurn("t1"))!.Earlier, (await log.ReadHead())!.Note));
        Assert.True(await log.Delete());
        Assert.Null(await log.ReadHead());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(100)]
    public async Task A_conversation_begins_with_turns_and_goes_on_behind_them(int turns)
    {
        var log = Open("c");
        await log.Begin([.. Enumerable.Range(1, turns).Select(i => Turn(i))], Head("c", turns) with { Turns = turns });
        await log.Append(Turn(turns + 1), Head("c", turns + 1));
        Assert.Equal(Enumerable.Range(1, turns + 1).Select(i => $"t{i}"), (await log.ReadTurns(0, 1000)).Select(turn => turn.TurnId));
        Assert.Equal(turns + 1, (await log.FindTurn($"t{turns + 1}"))!.Sequence);

        // However old a turn is, it can be changed.
        await log.Erase((await log.FindTurn("t1"))! with { User = "erased" }, Head("c", turns + 1));
        Assert.Equal("erased", (await log.ReadTurns(0, 1))[0].User);
        Assert.Equal("erased", (await log.FindTurn("t1"))!.User);
    }

    [Fact]
    public async Task Members_that_are_null_stay_null()
    {
        var log = Open("c");
        var turn = Turn(1);
        await log.Append(turn, Head("c", 1));
        Assert.Equal(turn, await log.FindTurn("t1"));
        Assert.Equal(Head("c", 1), await log.ReadHead());
    }

    [Fact]
    public async Task Turns_are_read_oldest_first_in_pages()
    {
        var log = Open("c");
        for (var i = 1; i <= 5; i++)
        {
            await log.Append(Turn(i * 10, $"t{i}"), Head("c", i * 10));
        }

        Assert.Equal([10, 20], (await log.ReadTurns(0, 2)).Select(t => t.Sequence));
        Assert.Equal([30, 40], (await log.ReadTurns(20, 2)).Select(t => t.Sequence));
        Assert.Equal([50], (await log.ReadTurns(45, 2)).Select(t => t.Sequence));
        Assert.Empty(await log.ReadTurns(50, 2));
    }

    [Fact]
    public async Task A_repeatable_turn_moves_to_the_end()
    {
        var log = Open("c");
        await log.Append(Turn(1) with { State = TurnState.Interrupted, Repeatable = true }, Head("c", 1));
        await log.Append(Turn(2), Head("c", 2));
        await log.Append(Turn(3, "t1") with { State = TurnState.Completed, Reply = "now" }, Head("c", 3));

        Assert.Equal(["t2", "t1"], (await log.ReadTurns(0, 10)).Select(t => t.TurnId));
        Assert.Equal("now", (await log.FindTurn("t1"))!.Reply);
    }

    [Theory]
    [InlineData(TurnState.Completed)]
    [InlineData(TurnState.Interrupted)]
    public async Task A_settled_turn_is_never_replaced(TurnState settled)
    {
        var log = Open("c");
        var turn = Turn(1) with { State = settled, Reply = "kept" };
        await log.Append(turn, Head("c", 1));

        await Assert.ThrowsAnyAsync<Exception>(() => log.Append(Turn(2, "t1"), Head("c", 2)));

        Assert.Equal(turn, Assert.Single(await log.ReadTurns(0, 10)));
        Assert.Equal(Head("c", 1), await log.ReadHead());
    }

    [Fact]
    public async Task An_update_replaces_the_turn_and_the_head()
    {
        var log = Open("c");
        await log.Append(Turn(1), Head("c", 1));
        var ended = Turn(1) with { State = TurnState.Completed, Reply = "done", EndedAt = Start.AddSeconds(1) };
        var head = Head("c", 1) with { Kv = new KvReference("d", "h", 9) };

        await log.Update(ended, head);

        Assert.Equal(ended, await log.FindTurn("t1"));
        Assert.Equal(head, await log.ReadHead());
    }

    [Fact]
    public async Task An_update_of_a_turn_that_is_gone_changes_nothing()
    {
        var log = Open("c");
        await log.Append(Turn(1), Head("c", 1));
        await Assert.ThrowsAnyAsync<Exception>(() => log.Update(Turn(2), Head("c", 2)));
        Assert.Equal(Head("c", 1), await log.ReadHead());

        await log.Delete();
        await Assert.ThrowsAnyAsync<Exception>(() => log.Update(Turn(1), Head("c", 1)));
        Assert.Null(await log.ReadHead());
    }

    [Fact]
    public async Task A_deleted_conversation_is_gone_and_may_begin_again()
    {
        var log = Open("c");
        var other = Open("other");
        await log.Append(Turn(1), Head("c", 1));
        await other.Append(Turn(1), Head("other", 1));

        Assert.True(await log.Delete());

        Assert.Null(await log.ReadHead());
        Assert.Empty(await log.ReadTurns(0, 10));
        Assert.NotNull(await other.FindTurn("t1"));
        await log.Append(Turn(1), Head("c", 1));
        Assert.Single(await log.ReadTurns(0, 10));
    }

    [Fact]
    public async Task The_same_turn_id_may_stand_in_two_conversations()
    {
        var (one, two) = (Open("one"), Open("two"));
        await one.Append(Turn(1) with { User = "first" }, Head("one", 1));
        await two.Append(Turn(1) with { User = "second" }, Head("two", 1));
        Assert.Equal("first", (await one.FindTurn("t1"))!.User);
        Assert.Equal("second", (await two.FindTurn("t1"))!.User);
    }

    [Fact]
    public async Task The_longest_texts_come_back_whole()
    {
        var log = Open("c");
        var turn = Turn(1) with { User = string.Concat(Enumerable.Repeat("ß😀x", Limits.MaxTurnCharacters / 4)), Reply = new string('r', Limits.MaxTurnCharacters) };
        await log.Append(turn, Head("c", 1));
        Assert.Equal(turn, await log.FindTurn("t1"));
    }

    [Fact]
    public async Task Conversations_write_at_the_same_time_without_mixing()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async c =>
        {
            var log = Open($"c{c}");
            for (var i = 1; i <= 10; i++)
            {
                await log.Append(Turn(i) with { User = $"{c}.{i}" }, Head($"c{c}", i));
                await log.Update(Turn(i) with { User = $"{c}.{i}", State = TurnState.Completed, Reply = $"r{c}.{i}" }, Head($"c{c}", i));
            }
        }));

        for (var c = 0; c < 20; c++)
        {
            Assert.Equal(Enumerable.Range(1, 10).Select(i => $"r{c}.{i}"), (await Open($"c{c}").ReadTurns(0, 50)).Select(t => t.Reply));
        }
    }

    protected static TurnRecord Turn(long sequence, string? id = null) => new()
    {
        Sequence = sequence,
        TurnId = id ?? $"t{sequence}",
        User = "hello",
        State = TurnState.Running,
        StartedAt = Start,
    };

    protected static ConversationHead Head(string id, long last) => new() { Id = id, Turns = 1, LastSequence = last, UpdatedAt = Start };
}
