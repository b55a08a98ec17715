using System.Collections.Concurrent;

namespace HybridConversations.Tests.Conversations;

/// <summary>Many threads in one conversation, all at once and without any order.</summary>
public sealed class ConversationCrowdTests : ConversationFixture
{
    /// <param name="seed">Of what they do.</param>
    /// <param name="bargeIns">Of 30 turns, so many barge in.</param>
    [Theory]
    [InlineData(1, 20)]
    [InlineData(2, 20)]
    [InlineData(3, 3)]
    [InlineData(4, 3)]
    public async Task However_they_push_one_turn_runs_at_a_time_and_every_call_ends(int seed, int bargeIns)
    {
        Device.Script = request => [.. request.Messages[^1].Content.Split('\n')[^1].Select(c => c.ToString())];
        Options = Options with { MaxWaiting = 100 };
        _ = Conversation;
        var told = new ConcurrentDictionary<string, string>();
        var ids = 0;

        await Task.WhenAll(Enumerable.Range(0, 16).Select(t => Task.Run(async () =>
        {
            var random = new Random((seed * 100) + t);
            for (var i = 0; i < 40; i++)
            {
                switch (random.Next(10))
                {
                    case < 6:
                        await Speak(random, bargeIns, told, $"t{Interlocked.Increment(ref ids)}");
                        break;
                    case 6:
                        await Conversation.Interrupt(random.Next(2) == 0 ? null : "");
                        break;
                    case 7:
                        await Conversation.Listen(new SpokenDraft("draft"));
                        break;
                    case 8:
                        await Conversation.Read(0, 20);
                        break;
                    case 9 when ids > 0:
                        await Speak(random, bargeIns, told, $"t{random.Next(ids) + 1}");
                        break;
                }
            }
        }))).WaitAsync(TimeSpan.FromMinutes(2));

        // In such a crowd each turn may be overruled before it begins. Whoever speaks last is answered.
        var last = await Conversation.Say(Turn("the last word", "last")).ToList();
        Assert.Equal(("the last word", FinishReason.Stop), (last.Completed().Text, last.Completed().FinishReason));

        Assert.True(Conversation.IsIdle);
        Assert.Equal((0, 1), (Device.Running, Device.MostRunning));
        Assert.NotEmpty(told);
        foreach (var (id, reply) in told)
        {
            var stored = await Stored(id);
            Assert.False(stored.Repeatable);
            Assert.StartsWith(stored.Reply, reply, StringComparison.Ordinal); // A later interrupt may have cut it.
        }
    }

    private async Task Speak(Random random, int bargeIns, ConcurrentDictionary<string, string> told, string id)
    {
        using var leave = new CancellationTokenSource();
        var stayFor = random.Next(3) == 0 ? random.Next(6) : int.MaxValue;
        var cancels = random.Next(2) == 0;
        try
        {
            await foreach (var e in Conversation.Say(Turn($"words of {id}", id, interrupt: random.Next(30) < bargeIns), leave.Token))
            {
                if (e is ReplyCompleted completed)
                {
                    told[id] = completed.Text;
                }
                else if (stayFor-- == 0)
                {
                    if (!cancels)
                    {
                        break;
                    }

                    await leave.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException) when (leave.IsCancellationRequested)
        {
            // As it should.
        }
    }
}
