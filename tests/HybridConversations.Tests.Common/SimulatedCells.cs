namespace HybridConversations.Tests.Common;

/// <summary>The KV memory of <see cref="SimulatedBackend"/>: a fixed number of cells, each at one position, owned by one or more sequences.</summary>
internal sealed class SimulatedCells(int capacity, int sequences)
{
    private readonly List<Cell>[] _cells = [.. Enumerable.Range(0, sequences).Select(_ => new List<Cell>())];

    public int Capacity { get; } = capacity;

    /// <summary>Cells owned by at least one sequence.</summary>
    public int Used { get; private set; }

    public int Length(int sequence) => _cells[sequence].Count;

    public int MaxPosition(int sequence) => _cells[sequence] is [.., var last] ? last.Position : -1;

    public IEnumerable<(int Token, int Position)> Of(int sequence) => _cells[sequence].Select(cell => (cell.Token, cell.Position));

    public void Add(int sequence, int token, int position)
    {
        _cells[sequence].Add(new Cell { Token = token, Position = position, Owners = 1 });
        Used++;
    }

    public void Remove(int sequence, int from, int to) => _cells[sequence].RemoveAll(cell =>
    {
        var hit = cell.Position >= from && cell.Position < to;
        Used -= hit && --cell.Owners == 0 ? 1 : 0;
        return hit;
    });

    public void Share(int source, int target, int from, int to)
    {
        var shared = Range(source, from, to);
        if (shared.Any(cell => _cells[target].Exists(held => held.Position == cell.Position)))
        {
            throw new InvalidOperationException($"Sequence {target} already holds positions of [{from}, {to}).");
        }

        shared.ForEach(cell => cell.Owners++);
        _cells[target].AddRange(shared);
        _cells[target].Sort((a, b) => a.Position.CompareTo(b.Position));
    }

    /// <summary>False, and nothing moved, when a cell has another owner.</summary>
    public bool Shift(int sequence, int from, int to, int delta)
    {
        var moved = Range(sequence, from, to);
        if (moved.Exists(cell => cell.Owners > 1))
        {
            return false;
        }

        moved.ForEach(cell => cell.Position += delta);
        _cells[sequence].Sort((a, b) => a.Position.CompareTo(b.Position));
        var twice = _cells[sequence].Zip(_cells[sequence].Skip(1)).Any(pair => pair.First.Position == pair.Second.Position);
        return !twice ? true : throw new InvalidOperationException($"A shift of [{from}, {to}) by {delta} puts two cells of sequence {sequence} on one position.");
    }

    public ulong History(int sequence, int upTo)
    {
        var history = SimulatedModel.EmptyHistory;
        foreach (var cell in _cells[sequence])
        {
            history = cell.Position <= upTo ? SimulatedModel.Extend(history, cell.Token, cell.Position) : history;
        }

        return history;
    }

    private List<Cell> Range(int sequence, int from, int to) => _cells[sequence].FindAll(cell => cell.Position >= from && cell.Position < to);

    private sealed class Cell
    {
        public int Token { get; init; }
        public int Position { get; set; }
        public int Owners { get; set; }
    }
}
