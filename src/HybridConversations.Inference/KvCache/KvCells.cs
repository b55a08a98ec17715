namespace HybridConversations.Inference.KvCache;

/// <summary>
/// Counts KV cells as the backend uses them: one per token, shared by every sequence that holds the same prefix.
/// The backend does not say which cells are shared, and admission must know exactly how many would be free after an eviction.
/// </summary>
internal sealed class KvCells
{
    private readonly int[] _references;
    private readonly int[] _runningReferences;
    private readonly int[] _free;
    private int _freeCount;

    public KvCells(int capacity)
    {
        Capacity = capacity;
        _references = new int[capacity];
        _runningReferences = new int[capacity];
        _free = new int[capacity];
        for (var i = 0; i < capacity; i++)
        {
            _free[i] = capacity - 1 - i;
        }

        _freeCount = capacity;
    }

    public int Capacity { get; }
    public int Free => _freeCount;
    public int Used => Capacity - _freeCount;

    /// <summary>Cells that at least one running sequence holds: what eviction of everything idle would leave.</summary>
    public int HeldByRunning { get; private set; }

    /// <summary>True when only one sequence holds the cell.</summary>
    public bool IsExclusive(int cell) => _references[cell] == 1;

    public int Take(bool running)
    {
        if (_freeCount == 0)
        {
            throw new InvalidOperationException("No KV cell is free: eviction must come first.");
        }

        var cell = _free[--_freeCount];
        _references[cell] = 0;
        AddReference(cell, running);
        return cell;
    }

    public void AddReference(int cell, bool running)
    {
        _references[cell]++;
        if (running)
        {
            AddRunning(cell);
        }
    }

    public void Release(int cell, bool running)
    {
        if (running)
        {
            RemoveRunning(cell);
        }

        if (--_references[cell] == 0)
        {
            _free[_freeCount++] = cell;
        }
    }

    public void AddRunning(int cell)
    {
        if (_runningReferences[cell]++ == 0)
        {
            HeldByRunning++;
        }
    }

    public void RemoveRunning(int cell)
    {
        if (--_runningReferences[cell] == 0)
        {
            HeldByRunning--;
        }
    }
}
