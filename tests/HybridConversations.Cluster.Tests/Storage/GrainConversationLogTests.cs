using HybridConversations.Cluster.Tests.InProcess;
using HybridConversations.Orleans.Storage;
using HybridConversations.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Cluster.Tests.Storage;

public sealed class GrainConversationLogTests
{
    private static readonly GrainId Grain = GrainId.Create("conversation", "c");
    private readonly SurvivingStorage _storage = new();
    private readonly MemoryConversationIndex _index = new();
    private int _outOfDate;

    [Fact]
    public async Task A_turn_costs_the_same_at_turn_10_and_at_turn_1000()
    {
        var log = Open();
        var costs = new List<(int Reads, int Writes, long Bytes)>();
        for (var i = 1; i <= 1000; i++)
        {
            var before = (_storage.Reads, _storage.Writes, _storage.BytesWritten);
            Assert.Null(await log.FindTurn($"t{i}"));
            await Run(log, i);
            costs.Add((_storage.Reads - before.Reads, _storage.Writes - before.Writes, _storage.BytesWritten - before.BytesWritten));
        }

        // 64 turns hold four seals, wherever they begin.
        var early = costs.Skip(16).Take(64).ToList();
        var late = costs.TakeLast(64).ToList();
        Assert.True(late.Sum(c => c.Writes) <= early.Sum(c => c.Writes), $"{late.Sum(c => c.Writes)} writes late, {early.Sum(c => c.Writes)} early");
        Assert.True(late.Sum(c => c.Bytes) < 1.6 * early.Sum(c => c.Bytes), $"{late.Sum(c => c.Bytes)} bytes late, {early.Sum(c => c.Bytes)} early");
        Assert.Equal(0, late.Sum(c => c.Reads));
        Assert.Equal(1000, (await log.ReadHead())!.Turns);
        Assert.Equal(Enumerable.Range(1, 1000).Select(i => $"t{i}"), (await All(Open())).Select(turn => turn.TurnId));
        Assert.Equal(500, (await Open().FindTurn("t500"))!.Sequence);
        Assert.Null(await Open().FindTurn("t1001"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(100)]
    public async Task A_conversation_begins_with_turns_and_any_of_them_can_be_changed_later(int turns)
    {
        await Open().Begin([.. Enumerable.Range(1, turns).Select(Ended)], new ConversationHead { Id = "c", Turns = turns, LastSequence = turns, Note = "n" });
        var log = Open();
        Assert.Equal("n", (await log.ReadHead())!.Note);
        await Run(log, turns + 1);
        Assert.Equal(Enumerable.Range(1, turns + 1).Select(i => $"t{i}"), (await All(Open())).Select(turn => turn.TurnId));
        var head = (await log.ReadHead())!;
        await log.Erase((await log.FindTurn("t1"))! with { User = "erased", Reply = "" }, head with { Note = "other" });
        Assert.Equal(("erased", "other"), ((await Open().ReadTurns(0, 1))[0].User, (await Open().ReadHead())!.Note));
        await Run(log, turns + 2);
        Assert.Equal("erased", (await Open().FindTurn("t1"))!.User);
        Assert.Equal(0, _outOfDate);
    }

    [Fact]
    public async Task What_another_silo_has_gone_on_with_is_not_changed_behind_its_back()
    {
        var log = Open();
        for (var i = 1; i <= 40; i++)
        {
            await Run(log, i);
        }

        var stale = Open();
        var turn = (await stale.FindTurn("t1"))!;
        await Run(log, 41);
        await Assert.ThrowsAsync<ProblemException>(async () => await stale.Erase(turn with { User = "stale" }, (await stale.ReadHead())!));
        Assert.NotEqual("stale", (await Open().FindTurn("t1"))!.User);
    }

    [Fact]
    public async Task A_silo_that_dies_while_a_conversation_begins_leaves_none_and_it_begins_again()
    {
        var turns = Enumerable.Range(1, 40).Select(Ended).ToList();
        var head = new ConversationHead { Id = "c", Turns = 40, LastSequence = 40 };
        var before = _storage.Writes;
        await Open().Begin(turns, head);
        var total = _storage.Writes - before;
        await Open().Delete();
        for (var death = 1; death <= total; death++)
        {
            var writes = 0;
            var at = death;
            _storage.BeforeWrite = _ => ++writes == at ? throw new IOException("dead") : Task.CompletedTask;
            await Assert.ThrowsAsync<ProblemException>(() => Open().Begin(turns, head));
            _storage.BeforeWrite = _ => Task.CompletedTask;
            Assert.Null(await Open().ReadHead());
            await Open().Begin(turns, head);
            Assert.Equal(turns.Select(turn => turn.TurnId), (await All(Open())).Select(turn => turn.TurnId));
            await Open().Delete();
        }
    }

    [Fact]
    public async Task Calls_results_and_tools_come_back_from_the_head_and_from_a_page()
    {
        var call = new ToolCall("c1", "get_weather", "{}");
        var turn = new TurnRecord
        {
            Sequence = 1,
            TurnId = "t1",
            User = "weather?",
            State = TurnState.Completed,
            StartedAt = DateTimeOffset.UnixEpoch,
            ToolCalls = [call],
            ToolResults = [new ToolResult("c0", "5 °C") { Call = new ToolCall("c0", "get_time", "{}") }],
            Reasoning = "Hmm.",
        };
        var head = new ConversationHead { Id = "c", Turns = 1, LastSequence = 1, Tools = [new ToolDefinition("get_weather") { Strict = true }], OpenCalls = [new OpenCall(call, "t1", RouteTarget.Cloud, true)] };
        var log = Open();
        await log.Append(turn, head);
        Assert.Equal(head.OpenCalls, (await Open().ReadHead())!.OpenCalls);
        Assert.Equal(head.Tools, (await Open().ReadHead())!.Tools);
        for (var i = 2; i <= 40; i++)
        {
            await Run(log, i);
        }

        var read = (await Open().FindTurn("t1"))!;
        Assert.Equal(turn.ToolCalls, read.ToolCalls);
        Assert.Equal(turn.ToolResults, read.ToolResults);
        Assert.Equal("Hmm.", read.Reasoning);
    }

    [Fact]
    public async Task Pages_are_read_from_any_place()
    {
        var log = Open();
        for (var i = 1; i <= 70; i++)
        {
            await Run(log, i);
        }

        foreach (var after in (long[])[0, 1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 69, 70])
        {
            var turns = await Open().ReadTurns(after, 20);
            Assert.Equal(Enumerable.Range((int)after + 1, (int)Math.Min(20, 70 - after)).Select(i => (long)i), turns.Select(turn => turn.Sequence));
        }
    }

    [Fact]
    public async Task A_death_between_any_two_writes_loses_and_doubles_nothing()
    {
        const int Turns = 40;
        var total = await CountWrites(Turns);
        for (var death = 1; death <= total; death++)
        {
            foreach (var written in (bool[])[false, true])
            {
                await Die(death, written, Turns);
            }
        }
    }

    [Fact]
    public async Task A_turn_that_is_sent_again_has_one_place_however_old_it_is()
    {
        var log = Open();
        for (var i = 1; i <= 40; i++)
        {
            await Run(log, i);
        }

        var head = (await log.ReadHead())!;
        await log.Append(Turn(41, "t3", TurnState.Running), head with { LastSequence = 41 });
        foreach (var reader in (GrainConversationLog[])[log, Open()])
        {
            Assert.Equal(41, (await reader.FindTurn("t3"))!.Sequence);
            Assert.Equal(40, (await All(reader)).Count);
        }

        await log.Update(Turn(41, "t3", TurnState.Completed), head with { LastSequence = 41 });
        Assert.DoesNotContain("\"t3\"", _storage.Text(SurvivingStorage.Key("page-0", Grain)));
        Assert.Equal(40, (await All(Open())).Count);
    }

    [Fact]
    public async Task Two_activations_cannot_both_write()
    {
        var (old, current) = (Open(), Open());
        await Run(old, 1);
        await Run(current, 2);
        for (var i = 3; i <= 20; i++)
        {
            await Run(current, i);
        }

        var head = (await old.ReadHead())!;
        var refused = await Assert.ThrowsAsync<ProblemException>(() => old.Append(Turn(2, "stale", TurnState.Running), head with { LastSequence = 2 }));
        Assert.True(refused.Problem.Retryable);
        Assert.Equal(1, _outOfDate);
        Assert.Equal(20, (await All(Open())).Count);
        Assert.Null(await Open().FindTurn("stale"));
    }

    [Fact]
    public async Task Deleting_leaves_nothing_and_is_finished_by_whoever_comes_next()
    {
        var log = Open();
        for (var i = 1; i <= 50; i++)
        {
            await Run(log, i);
        }

        // The silo dies after it has written that the conversation is deleted.
        _storage.AfterWrite = _ => throw new IOException("dead");
        await Assert.ThrowsAsync<ProblemException>(() => log.Delete());
        _storage.AfterWrite = _ => Task.CompletedTask;
        Assert.NotEmpty(_storage.Keys);

        Assert.Null(await Open().ReadHead());

        Assert.Empty(_storage.Keys);
        Assert.Empty((await _index.List(null, 10)).Conversations);
        await Run(Open(), 1);
        Assert.Single(await All(Open()));
    }

    [Fact]
    public async Task A_record_of_the_first_release_is_read_and_what_a_later_one_added_is_kept()
    {
        _storage.Put(SurvivingStorage.Key("head", Grain), await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Storage", "Fixtures", "head-schema-1.json")));
        _storage.Put(SurvivingStorage.Key("page-0", Grain), await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Storage", "Fixtures", "page-schema-1.json")));
        _storage.Put(SurvivingStorage.Key("contents-0", Grain), await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Storage", "Fixtures", "contents-schema-1.json")));
        var log = Open();

        var head = (await log.ReadHead())!;
        Assert.Equal(("Be brief.", 3, 3L, new KvReference("jetson-1", "abc", 77)), (head.System, head.Turns, head.LastSequence, head.Kv));
        var turns = await All(log);
        Assert.Equal(["What is 2 + 2?", "And 3 + 3?", "Thanks."], turns.Select(turn => turn.User));
        Assert.Equal([TurnState.Completed, TurnState.Interrupted, TurnState.Completed], turns.Select(turn => turn.State));
        Assert.Equal(new TokenUsage(20, 3, 15, 5, new ReusedTokens(Resident: 15)), turns[0].Usage);
        Assert.Equal("first", (await log.FindTurn("first"))!.TurnId);

        await Run(log, 4);
        Assert.Contains("\"addedLater\":{\"x\":1}", _storage.Text(SurvivingStorage.Key("head", Grain)));
        Assert.Equal(4, (await All(Open())).Count);
    }

    [Fact]
    public async Task What_a_later_release_added_survives_writes_of_this_one_at_every_depth()
    {
        _storage.Put(SurvivingStorage.Key("head", Grain), """
            {"schema":1,"tenant":"x","head":{"id":"c","turns":2,"lastSequence":2,"windowAfter":0,"tags":["a"],"updatedAt":"2026-09-01T10:00:05+00:00",
              "kv":{"deviceId":"jetson-1","modelHash":"abc","tokens":77,"tier":"parked"}},
             "tail":[{"sequence":1,"turnId":"a","user":"u","reply":"r","state":"Completed","startedAt":"2026-09-01T10:00:04+00:00","voice":{"pitch":2},
                      "usage":{"promptTokens":20,"completionTokens":3,"reusedTokens":15,"readTokens":5,"reused":{"resident":15,"peer":4}}},
                     {"sequence":2,"turnId":"b","user":"u","reply":"r","state":"Running","startedAt":"2026-09-01T10:00:04+00:00","mood":"calm"}],
             "pages":0,"removed":[],"deleted":false}
            """);
        var log = Open();
        var head = (await log.ReadHead())!;
        var running = (await log.FindTurn("b"))!;
        await log.Update(running with { State = TurnState.Completed, Reply = "done" }, head);
        await log.Append(Turn(3, "c", TurnState.Running), head with { LastSequence = 3, Turns = 3 });
        foreach (var written in (string[])["\"tenant\":\"x\"", "\"tags\":[\"a\"]", "\"tier\":\"parked\"", "\"voice\":{\"pitch\":2}", "\"peer\":4", "\"mood\":\"calm\""])
        {
            Assert.Contains(written, _storage.Text(SurvivingStorage.Key("head", Grain)));
        }

        Assert.Equal(["r", "done", ""], (await All(Open())).Select(turn => turn.Reply));

        // Another KV state: what was said of the one before is not true of it.
        await log.Update(Turn(3, "c", TurnState.Completed), head with { LastSequence = 3, Turns = 3, Kv = new KvReference("jetson-2", "abc", 90) });
        Assert.DoesNotContain("parked", _storage.Text(SurvivingStorage.Key("head", Grain)));

        // Turns take what they have with them into a page, and out of the head.
        for (var i = 4; i <= 20; i++)
        {
            await Run(log, i);
        }

        Assert.Contains("\"voice\":{\"pitch\":2}", _storage.Text(SurvivingStorage.Key("page-0", Grain)));
        Assert.Contains("\"mood\":\"calm\"", _storage.Text(SurvivingStorage.Key("page-0", Grain)));
        Assert.DoesNotContain("voice", _storage.Text(SurvivingStorage.Key("head", Grain)));
        Assert.Contains("\"tenant\":\"x\"", _storage.Text(SurvivingStorage.Key("head", Grain)));
    }

    [Fact]
    public async Task A_table_of_contents_keeps_what_a_later_release_added()
    {
        var log = Open();
        for (var i = 1; i <= 40; i++)
        {
            await Run(log, i);
        }

        var key = SurvivingStorage.Key("contents-0", Grain);
        _storage.Put(key, _storage.Text(key).Replace("\"first\":1,", "\"first\":1,\"newest\":\"soon\",").Replace("{\"schema\"", "{\"kind\":\"b\",\"schema\""));
        log = Open();
        for (var i = 41; i <= 60; i++)
        {
            await Run(log, i);
        }

        Assert.Contains("\"newest\":\"soon\"", _storage.Text(key));
        Assert.Contains("\"kind\":\"b\"", _storage.Text(key));
        Assert.Equal(60, (await All(Open())).Count);
    }

    [Fact]
    public async Task Values_of_enumerations_that_are_not_known_yet_make_no_conversation_unreadable()
    {
        _storage.Put(SurvivingStorage.Key("head", Grain), """
            {"schema":1,"head":{"id":"c","turns":1,"lastSequence":1,"windowAfter":0,"updatedAt":"2026-09-01T10:00:05+00:00"},
             "tail":[{"sequence":1,"turnId":"a","user":"u","reply":"r","state":"Paused","route":"Neighbour","finishReason":"Refused","startedAt":"2026-09-01T10:00:04+00:00"}],
             "pages":0,"removed":[],"deleted":false}
            """);
        var log = Open();
        var turn = Assert.Single(await All(log));
        Assert.Equal((TurnState.Interrupted, false, null, null), (turn.State, turn.Repeatable, turn.Route, turn.FinishReason));

        await Run(log, 2);
        var text = _storage.Text(SurvivingStorage.Key("head", Grain));
        Assert.Contains("\"state\":\"Paused\"", text);
        Assert.Contains("\"route\":\"Neighbour\"", text);
        Assert.Contains("\"finishReason\":\"Refused\"", text);
    }

    [Fact]
    public async Task A_record_that_only_a_later_release_can_read_is_refused_with_what_to_do()
    {
        _storage.Put(SurvivingStorage.Key("head", Grain), """{"schema":99,"head":{"id":"c"},"tail":[],"pages":0,"removed":[],"deleted":false}""");
        var refused = await Assert.ThrowsAsync<ProblemException>(() => Open().ReadHead());
        Assert.Contains("Upgrade this silo", refused.Message);
    }

    private static TurnRecord Ended(int number) => Turn(number, $"t{number}", TurnState.Completed);

    private GrainConversationLog Open() => new("c", new RecordStore(_storage, Grain), _index, NullLogger.Instance, () => _outOfDate++);

    private static async Task<List<TurnRecord>> All(GrainConversationLog log)
    {
        var turns = new List<TurnRecord>();
        while (await log.ReadTurns(turns.Count == 0 ? 0 : turns[^1].Sequence, 50) is { Count: > 0 } page)
        {
            turns.AddRange(page);
        }

        return turns;
    }

    private static async Task<int> CountWrites(int turns)
    {
        var other = new GrainConversationLogTests();
        for (var i = 1; i <= turns; i++)
        {
            await Run(other.Open(), i);
        }

        return other._storage.Writes;
    }

    /// <summary>The silo dies at a write (before it, or after it and before its answer); another one sends the same turn again and goes on.</summary>
    private static async Task Die(int death, bool written, int turns)
    {
        var other = new GrainConversationLogTests();
        var writes = 0;
        Task Kill(bool after) => (after ? writes : ++writes) == death && after == written ? throw new IOException("dead") : Task.CompletedTask;
        other._storage.BeforeWrite = _ => Kill(false);
        other._storage.AfterWrite = _ => Kill(true);
        var log = other.Open();
        for (var i = 1; i <= turns; i++)
        {
            for (var attempt = 0; ; attempt++)
            {
                try
                {
                    var known = await log.FindTurn($"t{i}");
                    if (known is not { State: TurnState.Completed })
                    {
                        await Run(log, i);
                    }

                    break;
                }
                catch (ProblemException) when (attempt == 0)
                {
                    log = other.Open();
                }
            }
        }

        Assert.True(writes >= death, "the death was reached");
        var all = await All(other.Open());
        Assert.Equal(Enumerable.Range(1, turns).Select(i => $"t{i}"), all.Select(turn => turn.TurnId));
        Assert.All(all, turn => Assert.Equal(TurnState.Completed, turn.State));
        foreach (var turn in all)
        {
            Assert.Equal(turn.Sequence, (await other.Open().FindTurn(turn.TurnId))!.Sequence);
        }
    }

    /// <summary>A turn as a conversation stores it: begun, then completed.</summary>
    private static async Task Run(GrainConversationLog log, int number)
    {
        var head = await log.ReadHead() ?? new ConversationHead { Id = "c" };
        var known = await log.FindTurn($"t{number}");
        var sequence = head.LastSequence + 1;
        head = head with { LastSequence = sequence, Turns = head.Turns + (known is null ? 1 : 0), UpdatedAt = DateTimeOffset.UnixEpoch.AddSeconds(number) };
        await log.Append(Turn(sequence, $"t{number}", TurnState.Running), head);
        await log.Update(Turn(sequence, $"t{number}", TurnState.Completed), head);
    }

    private static TurnRecord Turn(long sequence, string id, TurnState state) => new()
    {
        Sequence = sequence,
        TurnId = id,
        User = "Where are my keys?",
        Reply = state == TurnState.Completed ? "On the table in the hall." : "",
        State = state,
        StartedAt = DateTimeOffset.UnixEpoch,
    };
}
