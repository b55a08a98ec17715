namespace HybridConversations.Tests.Common;

/// <summary>
/// The KV memory of <see cref="SimulatedBackend"/>: a fixed number of cells, each at one position, owned by one or more sequences. A cell keeps what it was computed to be
/// (<see cref="SimulatedModel.Value"/>), wherever it is moved and whatever is removed around it.
/// </summary>
internal sealed class SimulatedCells(int capacity, int sequences)
{
    private readonly List<SimulatedCell>[] _cells = [.. Enumerable.Range(0, sequences).Select(_ => new List<SimulatedCell>())];

    /// <summary>By sequence, what all its cells come to; null where that has to be computed again.</summary>
    private readonly (ulong History, UInt128 View)?[] _seen = new (ulong, UInt128)?[sequences];

    public int Capacity { get; } = capacity;

    /// <summary>Cells owned by at least one sequence.</summary>
    public int Used { get; private set; }

    public int Length(int sequence) => _cells[sequence].Count;

    public int MaxPosition(int sequence) => _cells[sequence] is [.., var last] ? last.Position : -1;

    public IReadOnlyList<SimulatedCell> Of(int sequence) => _cells[sequence];

    /// <summary>Hash of all that a sequence holds.</summary>
    public ulong History(int sequence) => Seen(sequence).History;

    /// <summary>Computes a token with all that the sequence holds in view, and returns the history that it ends.</summary>
    public ulong Compute(int sequence, int token, int position)
    {
        var (history, view) = Seen(sequence);
        var mark = (uint)token is >= 128 and < 256 ? UInt128.One << (token - 128) : 0;
        var cell = new SimulatedCell { Token = token, Position = position, Value = SimulatedModel.Value(history, token, position), View = view | mark };
        Add(sequence, cell);
        var seen = (History: SimulatedModel.See(history, cell.Value, position), cell.View);
        _seen[sequence] = seen;
        return seen.History;
    }

    /// <summary>Adds a cell that was computed elsewhere.</summary>
    public void Add(int sequence, SimulatedCell cell)
    {
        cell.Owners = 1;
        _cells[sequence].Add(cell);
        _seen[sequence] = null;
        Used++;
    }

    public void Remove(int sequence, int from, int to)
    {
        _seen[sequence] = null;
        _cells[sequence].RemoveAll(cell =>
        {
            var hit = cell.Position >= from && cell.Position < to;
            Used -= hit && --cell.Owners == 0 ? 1 : 0;
            return hit;
        });
    }

    public void Share(int source, int target, int from, int to)
    {
        var shared = Range(source, from, to);
        if (shared.Any(cell => _cells[target].Exists(held => held.Position == cell.Position)))
        {
            throw new InvalidOperationException($"Sequence {target} already holds positions of [{from}, {to}).");
        }

        shared.ForEach(cell => cell.Owners++);
        _cells[target].AddRange(shared);
        Sort(target);
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
        Sort(sequence);
        var twice = _cells[sequence].Zip(_cells[sequence].Skip(1)).Any(pair => pair.First.Position == pair.Second.Position);
        return !twice ? true : throw new InvalidOperationException($"A shift of [{from}, {to}) by {delta} puts two cells of sequence {sequence} on one position.");
    }

    private (ulong History, UInt128 View) Seen(int sequence)
    {
        if (_seen[sequence] is { } known)
        {
            return known;
        }

        var (history, view) = (SimulatedModel.EmptyHistory, (UInt128)0);
        foreach (var cell in _cells[sequence])
        {
            history = SimulatedModel.See(history, cell.Value, cell.Position);
            view |= cell.View;
        }

        return (history, view);
    }

    private void Sort(int sequence)
    {
        _seen[sequence] = null;
        _cells[sequence].Sort((a, b) => a.Position.CompareTo(b.Position));
    }

    private List<SimulatedCell> Range(int sequence, int from, int to) => _cells[sequence].FindAll(cell => cell.Position >= from && cell.Position < to);
}
