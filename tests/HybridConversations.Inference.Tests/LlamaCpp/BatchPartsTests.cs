using HybridConversations.Inference.Backends;
using HybridConversations.Inference.LlamaCpp;

namespace HybridConversations.Inference.Tests.LlamaCpp;

public sealed class BatchPartsTests
{
    private readonly BatchParts _parts = new(capacity: 256, sequences: 8);

    [Fact]
    public void A_prompt_comes_before_replies_and_its_last_row_with_them()
    {
        var batch = Batch((0, 1), (3, 70), (1, 1));

        _parts.Divide(batch, apart: true);

        Assert.Equal(Enumerable.Range(1, 69), _parts.First.ToArray());
        Assert.Equal([0, 70, 71], _parts.Rest(batch).ToArray());
        Assert.Equal([0, 1, 2], new[] { 0, 70, 71 }.Select(_parts.IndexOf));
    }

    [Theory]
    [InlineData(true, 30, 1)] // no tiles
    [InlineData(true, 100, 0)] // nobody beside it
    [InlineData(false, 100, 1)]
    public void Else_all_rows_are_computed_at_once(bool apart, int prompt, int replies)
    {
        var batch = Batch([(3, prompt), .. Enumerable.Range(0, replies).Select(_ => (0, 1))]);

        _parts.Divide(batch, apart);

        Assert.Equal(0, _parts.First.Length);
        Assert.Equal(Enumerable.Range(0, batch.Count), _parts.Rest(batch).ToArray());
        Assert.Equal(batch.Count - 1, _parts.IndexOf(batch.Count - 1));
    }

    [Fact]
    public void A_row_that_wants_logits_is_followed_by_all_of_its_sequence()
    {
        var batch = new TokenBatch(256);
        for (var position = 0; position < 80; position++)
        {
            batch.Add(1, position, sequence: 2, wantsLogits: position == 50);
        }

        batch.Add(1, 0, sequence: 5, wantsLogits: true);
        _parts.Divide(batch, apart: true);

        Assert.Equal(Enumerable.Range(0, 50), _parts.First.ToArray());
        Assert.Equal(Enumerable.Range(50, 31), _parts.Rest(batch).ToArray());
    }

    /// <summary>Rows of sequences, the last one of each with logits.</summary>
    private static TokenBatch Batch(params (int Sequence, int Rows)[] sequences)
    {
        var batch = new TokenBatch(256);
        foreach (var (sequence, rows) in sequences)
        {
            for (var position = 0; position < rows; position++)
            {
                batch.Add(1, position, sequence, wantsLogits: position == rows - 1);
            }
        }

        return batch;
    }
}
