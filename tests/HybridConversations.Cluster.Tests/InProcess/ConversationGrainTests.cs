using HybridConversations.Orleans.Clients;
using HybridConversations.Orleans.Contracts;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using AiMessage = Microsoft.Extensions.AI.ChatMessage;

namespace HybridConversations.Cluster.Tests.InProcess;

/// <summary>What holds of a conversation on one machine holds of it in a fleet. Two silos, so that half of all calls cross between them.</summary>
public sealed class ConversationGrainTests : IAsyncLifetime
{
    private TestFleet _fleet = null!;

    public async Task InitializeAsync() => _fleet = await TestFleet.Start(2, settings => settings with
    {
        Fleet = settings.Fleet with { Retention = TimeSpan.FromMinutes(1) },
        Conversations = settings.Conversations with { ResumeGrace = TimeSpan.FromSeconds(5) },
    });

    public async Task DisposeAsync() => await _fleet.DisposeAsync();

    [Fact]
    public async Task Leaving_frees_the_device_and_keeps_what_was_delivered()
    {
        SlowDown();
        var conversation = _fleet.Conversations.Get("left");
        using var leave = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            var pieces = 0;
            await foreach (var e in conversation.Say(new Turn { TurnId = "t", Text = "hello" }, leave.Token))
            {
                if (e is ReplyText && ++pieces == 3)
                {
                    await leave.CancelAsync();
                }
            }
        });

        await Eventually.Holds(() => Devices.Sum(device => device.Running) == 0, () => "no device runs anything");
        Assert.Equal(1, Devices.Sum(device => device.Cancelled));
        List<TurnRecord> history = [];
        await Eventually.Holds(
            async () => (history = await conversation.History()).Single().State == TurnState.Interrupted, () => "the turn is on record as interrupted");
        Assert.True(history[0].Repeatable);
        Assert.Contains(" 1", history[0].Reply);
    }

    [Fact]
    public async Task A_barge_in_from_another_silo_ends_the_turn()
    {
        SlowDown();
        var conversation = _fleet.Conversations.Get("barged");
        var reply = conversation.All(new Turn { TurnId = "t", Text = "hello" });
        await Eventually.Holds(() => Devices.Any(device => device.Running > 0), () => "it is being answered");
        var page = await conversation.Read(0, 10);
        Assert.Equal(TurnState.Running, page!.Turns.Single().State);

        var interrupted = await new OrleansConversations(_fleet.Service<IGrainFactory>("Silo_1")).Get("barged").Interrupt(null);

        Assert.Equal("t", interrupted.TurnId);
        var end = Assert.IsType<ReplyCompleted>((await reply)[^1]);
        Assert.Equal(FinishReason.Interrupted, end.FinishReason);
    }

    [Fact]
    public async Task A_second_turn_is_refused_while_one_runs()
    {
        SlowDown();
        var conversation = _fleet.Conversations.Get("busy");
        using var leave = new CancellationTokenSource();
        var first = conversation.All(new Turn { TurnId = "1", Text = "hello" }, leave.Token);
        await Eventually.Holds(() => Devices.Any(device => device.Running > 0), () => "it is being answered");
        var refused = Assert.IsType<ReplyFailed>((await conversation.All(new Turn { TurnId = "2", Text = "me too" })).Single());
        Assert.Equal(ProblemCodes.TurnInProgress, refused.Problem.Code);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
    }

    [Fact]
    public async Task The_same_turn_at_another_gateway_joins_the_one_that_runs()
    {
        SlowDown(pieces: 40);
        var turn = new Turn { TurnId = "t", Text = "hello" };
        await using var first = _fleet.Conversations.Get("joined").Say(turn).GetAsyncEnumerator();
        var had = "";
        while (!had.Contains(" 7", StringComparison.Ordinal) && await first.MoveNextAsync())
        {
            had += (first.Current as ReplyText)?.Text;
        }

        // Its gateway hangs and takes nothing more.
        var elsewhere = new OrleansConversations(_fleet.Service<IGrainFactory>("Silo_1")).Get("joined");
        var rest = await elsewhere.All(turn with { Received = had.Length });

        Assert.True(rest[^1] is ReplyCompleted, rest[^1].ToString());
        var end = (ReplyCompleted)rest[^1];
        Assert.Equal((had.Length, end.Text), (Assert.IsType<ReplyRouted>(rest[0]).From, had + string.Concat(rest.OfType<ReplyText>().Select(piece => piece.Text))));
        Assert.EndsWith(" 39 40", end.Text);
        Assert.Equal(1, Devices.Sum(device => device.Generations));

        Assert.Equal(new InterruptResult("t", end.Text, InterruptOutcome.Unchanged), await elsewhere.InterruptTurn("t", null));
        Assert.Equal(ProblemCodes.NotFound, (await Assert.ThrowsAsync<ProblemException>(() => elsewhere.InterruptTurn("unknown", null))).Problem.Code);
    }

    [Fact]
    public async Task A_lost_reader_gets_the_rest_of_its_reply_once_from_another_gateway()
    {
        SlowDown(pieces: 40);
        var turn = new Turn { TurnId = "t", Text = "hello", Resumable = true };
        var had = "";
        using (var lost = new CancellationTokenSource())
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            {
                await foreach (var e in _fleet.Conversations.Get("resumed").Say(turn, lost.Token))
                {
                    had += (e as ReplyText)?.Text;
                    if (had.Contains(" 7", StringComparison.Ordinal))
                    {
                        await lost.CancelAsync();
                    }
                }
            });
        }

        var elsewhere = new OrleansConversations(_fleet.Service<IGrainFactory>("Silo_1")).Get("resumed");
        var rest = await elsewhere.All(turn with { Received = had.Length });

        var text = string.Concat(rest.OfType<ReplyText>().Select(piece => piece.Text));
        var end = Assert.IsType<ReplyCompleted>(rest[^1]);
        Assert.False(end.Replayed);
        Assert.Equal(end.Text, had + text);
        Assert.EndsWith(" 39 40", end.Text);
        Assert.Equal(1, Devices.Sum(device => device.Generations));

        // Once it is whole, the rest comes from the record.
        var recorded = await elsewhere.All(turn with { Received = had.Length });
        Assert.Equal(text, string.Concat(recorded.OfType<ReplyText>().Select(piece => piece.Text)));
        Assert.True(Assert.IsType<ReplyCompleted>(recorded[^1]).Replayed);
    }

    [Fact]
    public async Task A_resumable_reply_that_nobody_comes_back_for_frees_the_device()
    {
        SlowDown(pieces: 10_000);
        using var lost = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var e in _fleet.Conversations.Get("forgotten").Say(new Turn { TurnId = "t", Text = "hello", Resumable = true }, lost.Token))
            {
                if (e is ReplyText)
                {
                    await lost.CancelAsync();
                }
            }
        });
        Assert.Equal(1, Devices.Sum(device => device.Running));
        await Eventually.Holds(() => Devices.Sum(device => device.Running) == 0, () => "the device is free after the grace time");
    }

    [Fact]
    public async Task A_reader_that_pauses_longer_than_any_time_out_gets_the_whole_reply()
    {
        SlowDown(pieces: 30);
        var text = "";
        ReplyEvent? last = null;
        await foreach (var e in _fleet.Conversations.Get("slow").Say(new Turn { TurnId = "t", Text = "hello" }))
        {
            if (e is ReplyText piece)
            {
                if (text.Length == 0)
                {
                    // Orleans would have given the stream up after its response time-out of 10 s.
                    await Task.Delay(TimeSpan.FromSeconds(11));
                }

                text += piece.Text;
            }

            last = e;
        }

        Assert.Equal(text, Assert.IsType<ReplyCompleted>(last).Text);
        Assert.EndsWith(" 29 30", text);
    }

    [Fact]
    public async Task Problems_cross_silos_whole()
    {
        var conversation = _fleet.Conversations.Get("problems");
        var invalid = await Assert.ThrowsAsync<ProblemException>(() => conversation.Read(0, 100_000));
        Assert.Equal(ProblemCodes.Invalid, invalid.Problem.Code);
        Assert.Equal(400, invalid.Problem.Status);
        Assert.Throws<ProblemException>(() => _fleet.Conversations.Get("no/slash"));
        var refused = await Assert.ThrowsAsync<ProblemException>(() => _fleet.Cluster.Client.GetGrain<IConversationGrain>("no/slash").Read(0, 1));
        Assert.Equal(ProblemCodes.Invalid, refused.Problem.Code);
        await conversation.Whole("hello", "t");
        var reused = Assert.IsType<ReplyFailed>((await conversation.All(new Turn { TurnId = "t", Text = "other" })).Single());
        Assert.Equal(ProblemCodes.TurnIdReused, reused.Problem.Code);
    }

    [Fact]
    public async Task The_list_shows_conversations_until_they_are_deleted()
    {
        await _fleet.Conversations.Get("a").Whole("one");
        await _fleet.Conversations.Get("b").Whole("one");
        await Task.Delay(5); // the list's times are milliseconds
        await _fleet.Conversations.Get("a").Whole("two");
        var list = await _fleet.Conversations.List(null, 1);
        Assert.Equal(("a", 2), (list.Conversations.Single().Id, list.Conversations.Single().Turns));
        Assert.Equal("b", (await _fleet.Conversations.List(list.Next, 1)).Conversations.Single().Id);

        Assert.True(await _fleet.Conversations.Get("a").Delete());

        Assert.False(await _fleet.Conversations.Get("a").Delete());
        Assert.Null(await _fleet.Conversations.Get("a").Read(0, 10));
        Assert.Equal(["b"], (await _fleet.Conversations.List(null, 10)).Conversations.Select(c => c.Id));
        Assert.DoesNotContain(_fleet.Storage.Keys, key => key.StartsWith("conversation/a/", StringComparison.Ordinal));
        Assert.Contains("a", Devices.SelectMany(device => device.Forgotten));
    }

    [Fact]
    public async Task What_nobody_has_used_for_the_retention_time_is_forgotten()
    {
        await _fleet.Store("old", DateTimeOffset.UtcNow - TimeSpan.FromHours(1));
        await _fleet.Conversations.Get("new").Whole("one");

        // A reminder that every silo sets when it starts.
        await Eventually.Holds(async () => await _fleet.Conversations.Get("old").Read(0, 1) is null, () => "it is forgotten");
        Assert.DoesNotContain(_fleet.Storage.Keys, key => key.StartsWith("conversation/old/", StringComparison.Ordinal));
        Assert.NotNull(await _fleet.Conversations.Get("new").Read(0, 1));
    }

    [Fact]
    public async Task Chat_clients_send_new_messages_only_and_the_fleet_remembers()
    {
        var client = _fleet.Cluster.Client.ServiceProvider.GetRequiredService<IChatClient>();
        var first = await client.GetResponseAsync([new AiMessage(ChatRole.System, "Be brief."), new AiMessage(ChatRole.User, "hello")]);
        Assert.NotNull(first.ConversationId);
        Assert.Equal(ChatFinishReason.Stop, first.FinishReason);
        Assert.Equal(11, first.Usage!.TotalTokenCount);

        var second = await client.GetResponseAsync([new AiMessage(ChatRole.User, "again")], new ChatOptions { ConversationId = first.ConversationId });

        Assert.Equal(first.ConversationId, second.ConversationId);
        Assert.EndsWith(":4:again", second.Text); // system, hello, its reply, again
        var history = await Assert.ThrowsAsync<ProblemException>(
            () => client.GetResponseAsync([new AiMessage(ChatRole.User, "a"), new AiMessage(ChatRole.Assistant, "b"), new AiMessage(ChatRole.User, "c")]));
        Assert.Contains("new user messages only", history.Message);
    }

    [Fact]
    public async Task A_write_that_failed_makes_the_turn_fail_and_the_next_one_reads_what_is_true()
    {
        var conversation = _fleet.Conversations.Get("storage");
        await conversation.Whole("one");
        var writes = 0;
        _fleet.Storage.AfterWrite = _ => ++writes == 2 ? throw new IOException("the answer was lost") : Task.CompletedTask;
        var failed = Assert.IsType<ReplyFailed>((await conversation.All(new Turn { TurnId = "t2", Text = "two" }))[^1]);
        Assert.Equal(ProblemCodes.Storage, failed.Problem.Code);
        Assert.True(failed.Problem.Retryable);

        // The write had arrived: the same id gets the reply that is on record, and the turn did not run twice.
        var told = await conversation.Whole("two", "t2");

        Assert.True(told.Replayed);
        Assert.Equal(2, Devices.Sum(device => device.Generations));
        Assert.Equal(2, (await conversation.History()).Count);
    }

    private IEnumerable<TestDevice> Devices => _fleet.Cluster.Silos.Select(silo => _fleet.Device(silo.Name));

    private void SlowDown(int pieces = 1000)
    {
        foreach (var device in Devices)
        {
            device.Pieces = pieces;
            device.Pace = (_, stop) => Task.Delay(10, stop);
        }
    }
}
