using HybridConversations.Orleans.Clients;
using HybridConversations.Orleans.Contracts;
using HybridConversations.Orleans.Storage;
using HybridConversations.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Cluster.Tests.InProcess;

/// <summary>An Orleans client that only looks.</summary>
public sealed class HistoryTests
{
    [Fact]
    public async Task A_reader_sees_stored_conversations_and_wakes_none_of_them()
    {
        await using var fleet = await TestFleet.Start(2);
        var history = fleet.Cluster.Client.ServiceProvider.GetRequiredService<OrleansHistory>();
        var grain = fleet.Cluster.Client.GetGrain<IConversationGrain>("stored").GetGrainId();
        var log = new GrainConversationLog("stored", new RecordStore(fleet.Storage, grain), new MemoryConversationIndex(), NullLogger.Instance, () => { });
        for (var i = 1; i <= 40; i++)
        {
            var turn = new TurnRecord { Sequence = i, TurnId = $"t{i}", User = "hello", State = TurnState.Completed, StartedAt = DateTimeOffset.UnixEpoch };
            await log.Append(turn, new ConversationHead { Id = "stored", System = "Be brief.", Turns = i, LastSequence = i });
        }

        var writes = fleet.Storage.Writes;
        var first = await history.Read("stored", 0, 25);
        var second = await history.Read("stored", first!.Next!.Value, 25);

        Assert.Equal(Enumerable.Range(1, 40).Select(i => $"t{i}"), first.Turns.Concat(second!.Turns).Select(turn => turn.TurnId));
        Assert.Equal(("Be brief.", (long?)25, (long?)null), (first.System, first.Next, second.Next));
        Assert.Null(await history.Read("nobody", 0, 10));
        Assert.Null(fleet.HostOf("stored"));
        Assert.Null(fleet.HostOf("nobody"));
        Assert.Equal(writes, fleet.Storage.Writes);
        var invalid = await Assert.ThrowsAsync<ProblemException>(() => history.Read("no/slash", 0, 10));
        Assert.Equal(ProblemCodes.Invalid, invalid.Problem.Code);
        Assert.Equal(ProblemCodes.Invalid, (await Assert.ThrowsAsync<ProblemException>(() => history.Read("stored", 0, 0))).Problem.Code);
    }

    [Fact]
    public async Task A_turn_that_runs_nowhere_is_shown_as_interrupted_and_wakes_nothing()
    {
        await using var fleet = await TestFleet.Start(1);
        var grain = fleet.Cluster.Client.GetGrain<IConversationGrain>("orphan").GetGrainId();
        var log = new GrainConversationLog("orphan", new RecordStore(fleet.Storage, grain), new MemoryConversationIndex(), NullLogger.Instance, () => { });
        var turn = new TurnRecord { Sequence = 1, TurnId = "t", User = "hello", State = TurnState.Running, StartedAt = DateTimeOffset.UnixEpoch };
        await log.Append(turn, new ConversationHead { Id = "orphan", Turns = 1, LastSequence = 1 });

        var seen = (await new OrleansHistory(fleet.Cluster.Client).Read("orphan", 0, 10))!.Turns.Single();

        Assert.Null(fleet.HostOf("orphan"));
        Assert.Equal((TurnState.Interrupted, true, FinishReason.Interrupted), (seen.State, seen.Repeatable, seen.FinishReason!.Value));
        Assert.Equal((await fleet.Conversations.Get("orphan").Read(0, 10))!.Turns.Single(), seen);
    }

    [Fact]
    public async Task A_turn_of_a_silo_that_died_is_shown_as_interrupted()
    {
        await using var fleet = await TestFleet.Start(2);
        var conversation = fleet.Conversations.Get("lost");
        await conversation.Whole("first", "t1");
        var device = (await conversation.History())[0].AnsweredBy!;
        await Eventually.Holds(() => fleet.HostOf("lost") == device, () => "the conversation is beside its device");
        var running = new TaskCompletionSource();
        fleet.Device(device).Pieces = 1000;
        fleet.Device(device).Pace = async (piece, stop) =>
        {
            if (piece == 3)
            {
                running.TrySetResult(); // Some of it was heard, so that the turn is not sent again by itself.
                await Task.Delay(Timeout.Infinite, stop);
            }
        };
        var reply = conversation.All(new Turn { TurnId = "t2", Text = "second" });
        await running.Task;
        await fleet.Cluster.KillSiloAsync(fleet.Silo(device));
        await reply;

        var seen = (await new OrleansHistory(fleet.Cluster.Client).Read("lost", 0, 10))!.Turns;
        Assert.Equal([("t1", TurnState.Completed, false), ("t2", TurnState.Interrupted, true)], seen.Select(t => (t.TurnId, t.State, t.Repeatable)));
    }

    [Fact]
    public async Task A_reader_does_not_disturb_a_turn_that_is_being_answered()
    {
        await using var fleet = await TestFleet.Start(2);
        var goOn = new TaskCompletionSource();
        var running = new TaskCompletionSource();
        foreach (var silo in fleet.Cluster.Silos)
        {
            fleet.Device(silo.Name).Pace = (_, stop) =>
            {
                running.TrySetResult();
                return goOn.Task.WaitAsync(stop);
            };
        }

        var reply = fleet.Conversations.Get("live").Whole("hello", "t");
        await running.Task;
        var seen = (await new OrleansHistory(fleet.Cluster.Client).Read("live", 0, 10))!.Turns.Single();
        Assert.Equal(("t", TurnState.Running, "hello"), (seen.TurnId, seen.State, seen.User));
        Assert.Equal(2, (await fleet.Fleet.View()).Devices.Count);
        goOn.SetResult();
        Assert.False((await reply).Replayed);
    }
}
