using HybridConversations.Storage;

namespace HybridConversations.Tests.Conversations;

/// <summary>What models are shown of a long conversation, and what that costs.</summary>
public sealed class ConversationWindowTests : ConversationFixture
{
    [Fact]
    public async Task What_the_device_dropped_is_not_shown_again()
    {
        await Exchange("q1", "a1");
        await Exchange("q2", "a2");
        Device.DroppedMessages = 2;
        await Exchange("q3", "a3");
        Device.DroppedMessages = 0;
        Assert.Equal(1, (await Log.ReadHead())!.WindowAfter);

        await Exchange("q4", "a4");
        string[] expected = ["user: q2", "assistant: a2", "user: q3", "assistant: a3", "user: q4"];
        Assert.Equal(expected, Shown());
        await Restart();
        await Exchange("q5", "a5");
        Assert.Equal([.. expected, "assistant: a4", "user: q5"], Shown());
        Assert.Equal(5, (await Conversation.Read(0, 10))!.Turns.Count);
    }

    [Fact]
    public async Task Half_a_turn_that_was_dropped_stays_in_view()
    {
        await Exchange("q1", "a1");
        await Exchange("q2", "a2");
        Device.DroppedMessages = 3;
        await Exchange("q3", "a3");
        Assert.Equal(1, (await Log.ReadHead())!.WindowAfter);
    }

    [Fact]
    public async Task Dropping_everything_leaves_the_turn_itself()
    {
        await Exchange("q1", "a1");
        Device.DroppedMessages = 50;
        await Exchange("q2", "a2");
        Device.DroppedMessages = 0;
        await Exchange("q3", "a3");
        Assert.Equal(["user: q2", "assistant: a2", "user: q3"], Shown());
    }

    [Fact]
    public async Task A_long_conversation_shows_its_last_turns_and_moves_its_window_seldom()
    {
        Options = Options with { MaxWindowTurns = 20 };
        var moves = new HashSet<long>();
        for (var i = 1; i <= 100; i++)
        {
            await Exchange($"q{i}", $"a{i}");
            var shown = Device.LastRequest!.Messages.Count;
            Assert.InRange(shown, Math.Min((2 * i) - 1, 29), 41);
            moves.Add((await Log.ReadHead())!.WindowAfter);
        }

        Assert.Equal("q100", Device.LastRequest!.Messages[^1].Content);
        Assert.InRange(moves.Count, 5, 25);

        // Memory and disk agree about the window.
        var before = Shown().SkipLast(1).ToList();
        await Restart();
        await Exchange("last", "ok");
        Assert.Equal([.. before, "user: q100", "assistant: a100", "user: last"], Shown());
    }

    [Fact]
    public async Task Long_texts_leave_the_window_sooner()
    {
        Options = Options with { MaxWindowCharacters = 10_000 };
        for (var i = 1; i <= 30; i++)
        {
            Device.Script = _ => [new string('y', 500)];
            await Conversation.Say(Turn(new string('x', 500), id: $"t{i}")).ToList();
            Assert.InRange(Device.LastRequest!.Messages.Sum(m => m.Content.Length), Math.Min(i, 7) * 500, 10_500);
        }
    }

    [Fact]
    public async Task Opening_a_long_conversation_reads_only_its_window()
    {
        await Fill(2000);
        await Exchange("next", "ok");
        Assert.InRange(Log.TurnsRead, 1, Options.MaxWindowTurns + 1);
        Assert.Equal("q2000", Device.LastRequest!.Messages[^3].Content);
        Assert.InRange(Device.LastRequest.Messages.Count, Options.MaxWindowTurns, (Options.MaxWindowTurns * 2) + 1);

        var read = Log.TurnsRead;
        await Exchange("another", "ok");
        Assert.Equal(read, Log.TurnsRead);
    }

    private async Task Fill(int turns)
    {
        await Parallel.ForEachAsync(Enumerable.Range(1, turns), new ParallelOptions { MaxDegreeOfParallelism = 100 }, async (i, cancel) => await Log.Append(
            new TurnRecord { Sequence = i, TurnId = $"old{i}", User = $"q{i}", Reply = $"a{i}", State = TurnState.Completed, StartedAt = Time.GetUtcNow() },
            new ConversationHead { Id = "c", Turns = turns, LastSequence = turns }, cancel));
    }
}
