using HybridConversations.Inference.Backends;

namespace HybridConversations.Inference.Tests.Backends;

public sealed class SharedRangesTests
{
    /// <summary>Against a plain model: each cell has an identity and a set of owners.</summary>
    [Fact]
    public void Agrees_with_cells_that_know_their_owners()
    {
        const int Sequences = 5, Positions = 12;
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var ranges = new SharedRanges();
            var cells = new int?[Sequences, Positions];
            var next = 0;
            for (var step = 0; step < 30; step++)
            {
                var (a, b, from) = (random.Next(Sequences), random.Next(Sequences), random.Next(Positions));
                var to = random.Next(from, Positions) + 1;
                switch (random.Next(3))
                {
                    case 0:
                        Each(position => cells[a, position] ??= next++);
                        break;
                    case 1 when a != b && Enumerable.Range(from, to - from).All(position => cells[a, position] is not null && cells[b, position] is null):
                        ranges.Copy(a, b, from, to);
                        Each(position => cells[b, position] = cells[a, position]);
                        break;
                    case 2:
                        ranges.Remove(a, from, to);
                        Each(position => cells[a, position] = null);
                        break;
                }

                for (var sequence = 0; sequence < Sequences; sequence++)
                {
                    for (var position = 0; position < Positions; position++)
                    {
                        var shared = cells[sequence, position] is { } cell
                            && Enumerable.Range(0, Sequences).Any(other => other != sequence && cells[other, position] == cell);
                        Assert.Equal(shared, ranges.Touches(sequence, position, position + 1));
                    }
                }

                void Each(Action<int> action) => Enumerable.Range(from, to - from).ToList().ForEach(action);
            }
        }
    }
}
