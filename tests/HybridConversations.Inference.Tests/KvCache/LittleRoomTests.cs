using FsCheck;
using FsCheck.Fluent;
using HybridConversations.Inference.Backends;
using HybridConversations.Inference.Engine;
using HybridConversations.Inference.KvCache;
using HybridConversations.Inference.Snapshots;
using HybridConversations.Inference.Tests.Engine;
using HybridConversations.Inference.Text;
using HybridConversations.Tests.Common;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Inference.Tests.KvCache;

/// <summary>
/// Random conversations with little room in every tier: turns at once, long and short, cancelled and dropped ones, histories that lose their middle, decodes that are aborted or
/// fail, restores that are refused, snapshots that are damaged, restarts. Each conversation has a token of its own, and the simulated model's next token depends on everything in
/// its cells, however it was computed: each reply is compared with what the model says with unlimited memory, and no cell may ever have seen another conversation's token.
/// </summary>
public sealed class LittleRoomTests
{
    private const int Conversations = 7;

    [Fact]
    public void No_reply_differs_from_one_with_unlimited_memory() => Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), Live).Check(Config.QuickThrowOnFailure.WithMaxTest(60));

    /// <summary>Found by the property above.</summary>
    [Theory]
    [InlineData(86351109)]
    [InlineData(1663674249)]
    [InlineData(1968232814)]
    public void Seeds_that_failed_once(int seed) => Live(seed);

    private static void Live(int seed)
    {
        using var folder = new TemporaryFolder();
        using var world = new World(seed, folder.Path);
        for (var life = world.Random.Next(1, 4); life > 0; life--)
        {
            world.Live(world.Random.Next(10, 40)).GetAwaiter().GetResult();
        }
    }

    private sealed class World(int seed, string folder) : IDisposable
    {
        private readonly List<int>[] _histories = [.. Enumerable.Range(0, Conversations).Select(_ => new List<int>())];

        /// <summary>May something in its state have seen what is gone from its own history?</summary>
        private readonly bool[] _mayHaveGap = new bool[Conversations];
        private readonly int[] _system = Tokens(new Random(seed + 1), 150);
        private SnapshotStore? _store;

        public Random Random { get; } = new(seed);

        public void Dispose()
        {
            _store?.DisposeAsync().AsTask().GetAwaiter().GetResult();
            _store = null;
        }

        /// <summary>A life of an engine, over the snapshots of the one before.</summary>
        public async Task Live(int rounds)
        {
            var perToken = 24;
            var tiers = new KvTierOptions
            {
                ParkedBytes = Random.Next(4) == 0 ? 0 : Random.Next(100, 3000) * perToken,
                IdleSteps = Random.Next(0, 40),
                SnapshotDelayMs = Random.Next(0, 300),
            };
            _store = Random.Next(3) == 0 ? null : new SnapshotStore(folder, "layout", Random.Next(300, 6000) * perToken, NullLogger.Instance);
            var driver = new CoreDriver(
                new() { Cells = Random.Next(800, 1800), MaxSequences = Random.Next(4, 8), CanShift = Random.Next(4) > 0, KeepsViews = true, BatchSize = 64, MicroBatchSize = 16 },
                new() { MaxRunning = Random.Next(1, 5), GrowthReserve = 8 },
                tiers, _store);
            for (var round = 0; round < rounds; round++)
            {
                await Turns(driver, round);
            }

            driver.RunToEnd();
            if (_store is not null && Random.Next(2) == 0)
            {
                driver.Core.SaveRest();
            }

            Dispose();
            if (Random.Next(3) == 0)
            {
                Damage();
            }
        }

        private async Task Turns(CoreDriver driver, int round)
        {
            var turns = new List<Turn>();
            foreach (var who in Enumerable.Range(0, Conversations).OrderBy(_ => Random.Next()).Take(Random.Next(1, 5)))
            {
                Say(who, round);
                turns.Add(new Turn(who, Submit(driver, who)));
                Advance(driver, Random.Next(4));
            }

            Fault(driver);
            Advance(driver, Random.Next(60));
            if (Random.Next(3) == 0)
            {
                turns[0].Generation.Cancel();
            }

            if (Random.Next(8) == 0)
            {
                await driver.Core.Forget($"c{turns[^1].Who}");
            }

            driver.Backend.BeforeDecode = null;
            driver.RunToEnd();
            driver.Backend.RefuseRestore = null;
            foreach (var (who, generation) in turns)
            {
                await Check(driver, who, generation);
            }

            Assert.Equal(driver.Backend.UsedCells, driver.Core.Kv.Cells.Used);
            Assert.Equal(0, driver.Core.Kv.Cells.HeldByRunning);
            var status = driver.Core.Status;
            Assert.True(status.ParkedBytes <= status.HostBytes, $"{status}");
        }

        /// <summary>The person says something; from time to time the history has lost its middle.</summary>
        private void Say(int who, int round)
        {
            var history = _histories[who];
            if (history.Count == 0)
            {
                history.AddRange(_system.AsSpan(0, Random.Next(2) == 0 ? 150 : 140));
                history.Add(128 + who);
            }
            else if (history.Count > 400 || Random.Next(12) == 0)
            {
                // Half of the conversations never lose a middle: they begin anew, or lose their end, and must always be exact.
                if (who % 2 == 0)
                {
                    var from = Math.Min(history.Count - 1, 151);
                    history.RemoveRange(from, Random.Next(0, history.Count - from));
                    _mayHaveGap[who] = true;
                }
                else
                {
                    history.RemoveRange(Math.Min(history.Count, 151), Math.Max(0, history.Count - 151));
                }
            }

            history.Add(128 + who);
            history.AddRange(SimulatedModel.Tokenize($"<{round}>", parseSpecial: false));
            history.AddRange(Tokens(Random, Random.Next(10) == 0 ? 300 : Random.Next(1, 60)));
        }

        private Generation Submit(CoreDriver driver, int who)
        {
            var request = new GenerationRequest
            {
                Key = Random.Next(10) == 0 ? null : $"c{who}",
                Prompt = new Prompt([.. _histories[who]]),
                MaxTokens = Random.Next(6) == 0 ? 0 : Random.Next(1, 40),
                SharedTokens = Random.Next(2) == 0 ? 0 : 140,
                ReadAhead = Random.Next(6) == 0,
                Sampling = CoreDriver.Greedy,
                Reproducible = Random.Next(2) == 0,
                Priority = (TurnPriority)Random.Next(3),
            };
            var generation = new Generation(request, driver.Clock.GetTimestamp(), () => { });
            driver.Core.Accept(new Sequence(generation, [SimulatedModel.MessageEnd, SimulatedModel.EndOfText], driver.Backend));
            return generation;
        }

        private void Fault(CoreDriver driver)
        {
            switch (Random.Next(8))
            {
                case 0:
                    driver.Backend.RequestAbort();
                    break;
                case 1:
                    var restores = Random.Next(3);
                    driver.Backend.RefuseRestore = () => restores-- == 0;
                    break;
                case 2:
                    var decodes = Random.Next(10);
                    driver.Backend.BeforeDecode = batch =>
                    {
                        if (decodes-- == 0)
                        {
                            throw new PartlyDoneException(batch);
                        }
                    };
                    break;
            }
        }

        private void Advance(CoreDriver driver, int steps)
        {
            for (; steps > 0; steps--)
            {
                try
                {
                    driver.Step();
                }
                catch (PartlyDoneException fault)
                {
                    fault.LeaveBehind(driver.Backend, Random.Next(16));
                    driver.Core.RefuseAll(new Problem("fault", 500, "Of the backend.", true, 1));
                    driver.Core.DropAllKv();
                    Assert.Equal(0, driver.Backend.UsedCells);
                }
            }
        }

        private async Task Check(CoreDriver driver, int who, Generation generation)
        {
            var prompt = generation.Request.Prompt.Tokens;
            var text = "";
            try
            {
                text = await CoreDriver.TextOf(generation);
                var result = await generation.Completion;
                var whole = SimulatedModel.Reply(prompt, generation.Request.MaxTokens);
                var cut = result.FinishReason == FinishReason.Interrupted || prompt.Length + text.Length >= driver.Backend.Info.Cells;
                if (!_mayHaveGap[who] || generation.Request.Key is null)
                {
                    Assert.Equal(cut ? whole[..Math.Min(whole.Length, text.Length)] : whole, text);
                }
            }
            catch (ProblemException refused)
            {
                Assert.Equal("fault", refused.Problem.Code);
            }

            foreach (var slot in driver.Core.Kv.Slots)
            {
                CheckCells(driver, slot);
            }

            if (!generation.Request.ReadAhead)
            {
                _histories[who].AddRange(text.Select(c => (int)c));
            }
        }

        /// <summary>What a slot holds is what the books say, at its place, and has seen nothing but its own conversation.</summary>
        private void CheckCells(CoreDriver driver, KvSlot slot)
        {
            var cells = driver.Backend.CellsOf(slot.Id);
            Assert.Equal(slot.Tokens.ToArray(), cells.Select(cell => cell.Token));
            Assert.Equal(Enumerable.Range(0, slot.Count), cells.Select(cell => cell.Position));
            var seen = cells.Aggregate(UInt128.Zero, (view, cell) => view | cell.View);
            var owner = slot.Key is { } key && key[0] == 'c' ? int.Parse(key[1..], System.Globalization.CultureInfo.InvariantCulture) : slot.Tokens.IndexOfAnyInRange(128, 255) is >= 0 and var at ? slot.Tokens[at] - 128 : -1;
            Assert.True((seen & ~(owner < 0 ? 0 : UInt128.One << owner)) == 0, $"seed {seed}: the slot of {slot.Key ?? "nobody"} has seen {seen:x}");
            if (owner < 0 || !_mayHaveGap[owner])
            {
                Assert.True(slot.Lineage.IsClean);
            }

            var history = SimulatedModel.EmptyHistory;
            foreach (var cell in cells.Take(slot.CleanTokens.Length))
            {
                Assert.Equal(SimulatedModel.Value(history, cell.Token, cell.Position), cell.Value);
                history = SimulatedModel.Extend(history, cell.Token, cell.Position);
            }
        }

        private void Damage()
        {
            var files = Directory.GetFiles(folder, "*.kv", SearchOption.AllDirectories);
            if (files.Length > 0)
            {
                var path = files[Random.Next(files.Length)];
                var bytes = File.ReadAllBytes(path);
                bytes[Random.Next(bytes.Length)] ^= 8;
                File.WriteAllBytes(path, bytes);
            }
        }

        private static int[] Tokens(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => 'a' + random.Next(26))];

        private sealed record Turn(int Who, Generation Generation);
    }

    /// <summary>A decode that fails hard behind a part of its batch, as llama.cpp's does behind whole micro-batches.</summary>
    private sealed class PartlyDoneException(TokenBatch batch) : Exception
    {
        private readonly (int Token, int Position, int Sequence)[] _rows =
            [.. Enumerable.Range(0, batch.Count).Select(i => (batch.Tokens[i], batch.Positions[i], batch.Sequences[i]))];

        public void LeaveBehind(SimulatedBackend backend, int rows)
        {
            var hook = backend.BeforeDecode;
            backend.BeforeDecode = null;
            var part = new TokenBatch(Math.Max(1, rows));
            foreach (var (token, position, sequence) in _rows.Take(rows))
            {
                part.Add(token, position, sequence, wantsLogits: false);
            }

            if (part.Count > 0)
            {
                backend.Decode(part);
            }

            backend.BeforeDecode = hook;
        }
    }
}
