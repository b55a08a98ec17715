using HybridConversations.Inference.Backends;

namespace HybridConversations.Inference.LlamaCpp;

/// <summary>
/// Which rows of a batch a CPU computes first. From 64 rows on ggml's attention goes over the KV memory in tiles of rows and passes over cells that no row of the tile may see: where one tile has
/// rows of many sequences in it, all of them pay for the cells of all. 64 rows of a prompt beside 16 replies of 600 tokens took 1,005 ms together and 483 ms apart (135M, a thread on a Zen 5). So what is
/// read of prompts is computed first, and then the rows whose logits are wanted.
/// </summary>
internal sealed class BatchParts(int capacity, int sequences)
{
    /// <summary>Rows from which on attention is computed in tiles.</summary>
    public const int Tile = 64;

    private readonly int[] _rows = new int[capacity];
    private readonly int[] _index = new int[capacity];
    private readonly int[] _rowsOf = new int[sequences];
    private readonly bool[] _asked = new bool[sequences];
    private int _first;

    /// <summary>Rows that come first, by their index; empty where all are computed at once.</summary>
    public ReadOnlySpan<int> First => _rows.AsSpan(0, _first);

    /// <summary>The others.</summary>
    public ReadOnlySpan<int> Rest(TokenBatch batch) => _rows.AsSpan(_first, batch.Count - _first);

    /// <summary>Where a row of the batch lies among those that it is computed with.</summary>
    public int IndexOf(int row) => _index[row];

    /// <summary>Divides a batch: what stands before the first row that wants logits of each sequence with several rows, and the rest.</summary>
    /// <param name="batch">All rows.</param>
    /// <param name="apart">False: all are computed at once.</param>
    public void Divide(TokenBatch batch, bool apart)
    {
        Array.Clear(_rowsOf);
        Array.Clear(_asked);
        foreach (var sequence in batch.Sequences)
        {
            _rowsOf[sequence]++;
        }

        _first = 0;
        if (apart && batch.Count >= Tile && _rowsOf.AsSpan().Contains(1))
        {
            Take(batch, first: true, from: 0);
        }

        Array.Clear(_asked);
        Take(batch, first: false, from: _first);
    }

    private void Take(TokenBatch batch, bool first, int from)
    {
        var at = from;
        for (var row = 0; row < batch.Count; row++)
        {
            var sequence = batch.Sequences[row];
            _asked[sequence] |= batch.WantsLogits[row];
            var comesFirst = _rowsOf[sequence] > 1 && !_asked[sequence];
            if (comesFirst && first)
            {
                _first++;
            }

            if (first ? comesFirst : from == 0 || !comesFirst)
            {
                _index[row] = at - from;
                _rows[at++] = row;
            }
        }
    }
}
