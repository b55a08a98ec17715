using System.Collections.Concurrent;

namespace HybridConversations.EndToEnd.Tests;

public sealed class KilledServerTests : IDisposable
{
    private const int Kills = 20;
    private const int Talkers = 4;
    private readonly string _data = Directory.CreateTempSubdirectory("hc-kill-").FullName;
    private readonly ConcurrentDictionary<(int Talker, string TurnId), ReplyCompleted> _completed = new();

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task Twenty_kills_in_the_middle_of_replies_lose_no_completed_turn()
    {
        var random = new Random(42);
        var cutOff = 0;
        for (var round = 0; round < Kills; round++)
        {
            await using var server = await ServerProcess.Start(_data);
            cutOff += await CheckRecords(server, round);
            using var stop = new CancellationTokenSource();
            var talkers = Enumerable.Range(0, Talkers).Select(i => Chatter(server, i, round, stop.Token)).ToArray();
            await Task.Delay(random.Next(20, 400)); // the moment of the power cut is the test's subject
            await server.Kill();
            await stop.CancelAsync();
            await Task.WhenAll(talkers);
        }

        await using var last = await ServerProcess.Start(_data);
        cutOff += await CheckRecords(last, Kills);
        Assert.True(_completed.Count >= Kills, $"Only {_completed.Count} turns were completed: the test saw too little.");
        Assert.True(cutOff > 0, "No reply was cut off: the test saw nothing.");
        Assert.Equal(0, await last.Stop());
    }

    private async Task Chatter(ServerProcess server, int talker, int round, CancellationToken stop)
    {
        var conversation = server.Conversations.Get($"talker-{talker}");
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var turnId = $"r{round}-{i}";
            try
            {
                _completed[(talker, turnId)] = await conversation.Ask(i % 2 == 0 ? "Tell me a joke." : $"My favorite number is {i}.", turnId);
            }
            catch (Exception error) when (error is ProblemException or HttpRequestException or IOException or InvalidOperationException)
            {
                return;
            }
        }
    }

    /// <summary>Every completed turn is there whole, in order and once; a turn that was cut off is marked, and can be repeated.</summary>
    private async Task<int> CheckRecords(ServerProcess server, int round)
    {
        var cutOff = 0;
        for (var talker = 0; talker < Talkers; talker++)
        {
            var conversation = server.Conversations.Get($"talker-{talker}");
            var turns = new List<TurnRecord>();
            for (long? after = 0; after is { } from;)
            {
                var page = await conversation.Read(from, 50);
                turns.AddRange(page?.Turns ?? []);
                after = page?.Next;
            }

            Assert.Equal(turns.Count, turns.Select(t => t.TurnId).Distinct().Count());
            foreach (var ((_, turnId), reply) in _completed.Where(c => c.Key.Talker == talker))
            {
                var record = Assert.Single(turns, t => t.TurnId == turnId);
                Assert.Equal(TurnState.Completed, record.State);
                Assert.Equal(reply.Text, record.Reply);
            }

            var order = turns.Select(t => (Round: int.Parse(t.TurnId[1..t.TurnId.IndexOf('-')]), Number: int.Parse(t.TurnId[(t.TurnId.IndexOf('-') + 1)..]))).ToList();
            Assert.Equal(order.OrderBy(o => o), order);
            foreach (var cut in turns.Where(t => t.State != TurnState.Completed))
            {
                Assert.True(cut is { State: TurnState.Interrupted, Repeatable: true }, $"{cut}");
                cutOff++;
            }

            // What was cut off last is said again under its own id, and stands once.
            if (turns is [.., { State: TurnState.Interrupted } repeat])
            {
                _completed[(talker, repeat.TurnId)] = await conversation.Ask(repeat.User, repeat.TurnId);
            }
        }

        return cutOff;
    }
}
