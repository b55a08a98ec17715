using HybridConversations.Conversations;
using HybridConversations.InProcess;
using HybridConversations.Storage;
using HybridConversations.Tests.Common;

namespace HybridConversations.Tests.Conversations;

/// <summary>
/// Twenty conversations at once, each with its own seeded mixture of turns, repeated ids, departures, interruptions and deletions, over several lives of
/// the host; every other life ends by a crash (its files are copied while it works). Whatever happened, what was told as complete must be on record.
/// </summary>
public sealed class ConversationSoakTests
{
    private const int Conversations = 20;
    private const int Steps = 25;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_was_told_as_complete_stays_whole_in_order_and_once(int seed)
    {
        var speakers = Enumerable.Range(0, Conversations).Select(i => new Speaker($"c{i}", new Random((seed * 1000) + i))).ToList();
        var folder = new TemporaryFolder();
        for (var life = 0; life < 4; life++)
        {
            var store = SqliteConversationStore.OpenFolder(new SqliteStoreOptions { Folder = folder.Path });
            var device = new ScriptedDevice { Script = Answer };
            var host = new InProcessConversations(store, new ConversationServices { Devices = new SingleDevicePicker(device), Memories = new SingleDeviceMemory(device) }, capacity: 5);
            foreach (var speaker in speakers)
            {
                await speaker.Check(host, allAtRest: true);
            }

            await Task.WhenAll(speakers.Select(speaker => Task.Run(() => speaker.Talk(host, Steps))));
            var next = new TemporaryFolder();
            if (life % 2 == 0)
            {
                // The crash: turns are running when the files are taken, and whatever comes after is lost.
                var cut = speakers.Select(speaker => speaker.BeginAndLeaveRunning(host)).ToList();
                var running = await Task.WhenAll(cut);
                CopyDatabase(folder, next);
                foreach (var reader in running)
                {
                    await reader.DisposeAsync();
                }
            }

            await host.DisposeAsync();
            Assert.Equal(0, device.Running);
            await store.DisposeAsync();
            if (life % 2 != 0)
            {
                CopyDatabase(folder, next);
            }

            folder.Dispose();
            folder = next;
        }

        folder.Dispose();
        Assert.True(speakers.Sum(s => s.Completed) > Conversations * Steps, "Too little was completed to mean anything.");
        Assert.True(speakers.Sum(s => s.Interrupted) > Conversations, "Too little was interrupted to mean anything.");
    }

    /// <summary>The reply to a text is a function of it, so that a reply that was mixed up with another one shows.</summary>
    private static IReadOnlyList<string> Answer(DeviceRequest request)
    {
        var text = request.Messages[^1].Content.Split('\n')[^1];
        return [.. Enumerable.Range(0, 6).Select(i => $"{text} part {i}. ")];
    }

    private static void CopyDatabase(TemporaryFolder from, TemporaryFolder to)
    {
        // Nobody writes at this moment (every turn waits for its reader), so the files belong together, as they do on a disk after a crash.
        foreach (var file in Directory.GetFiles(from.Path, SqliteConversationStore.FileName + "*").Where(f => !f.EndsWith("-shm", StringComparison.Ordinal)))
        {
            File.Copy(file, to.File(Path.GetFileName(file)));
        }
    }

    private sealed class Speaker(string id, Random random)
    {
        // Turn id → reply, in the order in which they were told as complete; a cut reply may only become shorter.
        private readonly List<string> _order = [];
        private readonly Dictionary<string, (string Text, string Reply, bool Settled)> _told = [];
        private int _turns;

        public int Completed { get; private set; }
        public int Interrupted { get; private set; }

        public async Task Talk(InProcessConversations host, int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                var conversation = host.Get(id);
                var action = random.Next(100);
                if (action < 45)
                {
                    await Say(conversation, NewTurn());
                }
                else if (action < 55)
                {
                    await Leave(conversation, NewTurn());
                }
                else if (action < 65)
                {
                    await InterruptInTheMiddle(conversation, NewTurn());
                }
                else if (action < 75 && _order.Count > 0)
                {
                    await Repeat(conversation);
                }
                else if (action < 85)
                {
                    await BargeIn(conversation, NewTurn(), NewTurn() with { Interrupt = true });
                }
                else if (action < 90)
                {
                    await CutLast(conversation);
                }
                else if (action < 98)
                {
                    await Check(host, allAtRest: true);
                }
                else
                {
                    await conversation.Delete();
                    _order.Clear();
                    _told.Clear();
                }
            }
        }

        public async Task<ReplyReader> BeginAndLeaveRunning(InProcessConversations host)
        {
            var reader = new ReplyReader(host.Get(id).Say(NewTurn()));
            await reader.Until<ReplyText>();
            return reader;
        }

        /// <summary>The record holds what was told, in its order, once; and turns without a told end are marked.</summary>
        public async Task Check(InProcessConversations host, bool allAtRest)
        {
            var turns = new List<TurnRecord>();
            for (long? after = 0; after is { } from;)
            {
                var page = await host.Get(id).Read(from, 7);
                turns.AddRange(page?.Turns ?? []);
                after = page?.Next;
            }

            Assert.Equal(turns.Count, turns.Select(t => t.TurnId).Distinct().Count());
            Assert.Equal(turns.Select(t => t.Sequence).Order(), turns.Select(t => t.Sequence));
            Assert.Equal(_order, turns.Where(t => _told.ContainsKey(t.TurnId)).Select(t => t.TurnId));
            foreach (var turn in turns)
            {
                Assert.True(!allAtRest || turn.State != TurnState.Running, $"{id} {turn.TurnId} runs, but nobody runs it.");
                if (_told.TryGetValue(turn.TurnId, out var told))
                {
                    Assert.Equal((told.Text, told.Reply, false), (turn.User, turn.Reply, turn.Repeatable));
                    Assert.Equal(told.Settled ? TurnState.Completed : TurnState.Interrupted, turn.State);
                }
                else
                {
                    Assert.True(turn is { State: TurnState.Interrupted, Repeatable: true }, $"{id} {turn.TurnId} is {turn.State}, but nobody was told.");
                }
            }
        }

        private Turn NewTurn()
        {
            var number = ++_turns;
            return new Turn { TurnId = $"t{number}", Text = $"{id} says {number}" };
        }

        private async Task Say(IConversation conversation, Turn turn)
        {
            var events = await conversation.Say(turn).ToList();
            var completed = events.Completed();
            Assert.Equal(events.Text(), completed.Text);
            Assert.Equal(WholeReply(turn), completed.Text);
            Tell(turn, completed.Text, settled: true);
        }

        private async Task Leave(IConversation conversation, Turn turn)
        {
            using var leave = new CancellationTokenSource();
            await using (var reader = new ReplyReader(conversation.Say(turn, leave.Token)))
            {
                await reader.Until<ReplyText>();
                if (random.Next(2) == 0)
                {
                    await leave.CancelAsync();
                    await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reader.Until<ReplyCompleted>());
                }
            }

            if (random.Next(2) == 0)
            {
                await Say(conversation, turn); // Sent again, it runs again and is whole.
            }
        }

        private async Task InterruptInTheMiddle(IConversation conversation, Turn turn)
        {
            await using var reader = new ReplyReader(conversation.Say(turn));
            var delivered = "";
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                delivered += (await reader.Until<ReplyText>()).Text;
            }

            var heard = random.Next(2) == 0 ? null : delivered[..random.Next(delivered.Length)];
            var result = await conversation.Interrupt(heard);
            Assert.Equal(new InterruptResult(turn.TurnId, heard ?? delivered, InterruptOutcome.Stopped), result);
            Assert.Equal((delivered, FinishReason.Interrupted), await reader.Next() is ReplyCompleted end ? (end.Text, end.FinishReason) : default);
            Tell(turn, heard ?? delivered, settled: false);
        }

        private async Task BargeIn(IConversation conversation, Turn first, Turn second)
        {
            await using var reader = new ReplyReader(conversation.Say(first));
            await reader.Until<ReplyText>();
            var next = Say(conversation, second);
            var ended = await reader.Until<ReplyCompleted>();
            Assert.StartsWith(ended.Text, WholeReply(first), StringComparison.Ordinal);
            await next;

            // The first ended before the second began, and may have been whole by then.
            _order.Insert(_order.Count - 1, first.TurnId);
            _told[first.TurnId] = (first.Text, ended.Text, ended.FinishReason == FinishReason.Stop);
            Interrupted++;
        }

        private async Task Repeat(IConversation conversation)
        {
            var turnId = _order[random.Next(_order.Count)];
            var (text, reply, _) = _told[turnId];
            var events = await conversation.Say(new Turn { TurnId = turnId, Text = text, Interrupt = random.Next(2) == 0 }).ToList();
            Assert.Equal((reply, true), (events.Completed().Text, events.Completed().Replayed));
            Assert.Equal(ProblemCodes.TurnIdReused, (await conversation.Say(new Turn { TurnId = turnId, Text = text + "!" }).ToList()).Failed().Code);
        }

        private async Task CutLast(IConversation conversation)
        {
            var last = (await conversation.Read(0, 200))?.Turns is [.., var newest] ? newest : null;
            if (last is null || !_told.TryGetValue(last.TurnId, out var told))
            {
                return;
            }

            var heard = told.Reply[..random.Next(told.Reply.Length + 1)];
            var result = await conversation.Interrupt(heard);
            if (heard.Length < told.Reply.Length)
            {
                Assert.Equal(new InterruptResult(last.TurnId, heard, InterruptOutcome.Cut), result);
                _told[last.TurnId] = (told.Text, heard, false);
                Interrupted++;
            }
        }

        private void Tell(Turn turn, string reply, bool settled)
        {
            _order.Add(turn.TurnId);
            _told[turn.TurnId] = (turn.Text, reply, settled);
            _ = settled ? Completed++ : Interrupted++;
        }

        private static string WholeReply(Turn turn) => string.Concat(Enumerable.Range(0, 6).Select(i => $"{turn.Text} part {i}. "));
    }
}
