using HybridConversations.Inference.Scheduling;

namespace HybridConversations.Inference.Tests.Scheduling;

public sealed class ReadingGridTests
{
    /// <summary>However much time each step has, and wherever it begins: tiles are never cut, but where the whole rest is no tile.</summary>
    [Fact]
    public void Every_step_is_made_of_tiles_and_the_last_token_stands_alone()
    {
        var random = new Random(1);
        for (var round = 0; round < 20_000; round++)
        {
            var micro = 128 << random.Next(3);
            var (start, end) = (random.Next(3) == 0 ? random.Next(600) : 0, random.Next(1, 1500));
            start = ReadingGrid.From(start, end, micro);
            Assert.True(start == 0 || end - start >= ReadingGrid.Tile || end < ReadingGrid.Tile || start >= end);
            for (var position = start; position < end;)
            {
                var rows = ReadingGrid.Rows(position, end, random.Next(1, 700), micro);
                Assert.InRange(rows, 1, Math.Min(micro, end - position));
                Assert.True(rows >= ReadingGrid.Tile || (position == start && rows == end - position), $"{rows} of {end - position} rows");
                position += rows;
            }

            Assert.Equal(1, ReadingGrid.Rows(end, end, random.Next(1, 700), micro));
        }
    }

    [Fact]
    public void A_small_micro_batch_has_no_tiles() => Assert.Equal(40, ReadingGrid.Rows(0, 500, 40, 32));
}
