using HybridConversations.Inference.KvCache;

namespace HybridConversations.Bench.Micro.Operations;

/// <summary>A thousand tokens take cells, a second sequence shares them, and both let go.</summary>
internal sealed class TurnOverKvCells : IMicroOperation
{
    private const int Tokens = 1000;
    private readonly KvCells _cells = new(4096);
    private readonly int[] _taken = new int[Tokens];

    public string Name => "kv-cells";

    public void Run()
    {
        for (var i = 0; i < Tokens; i++)
        {
            _taken[i] = _cells.Take(running: true);
            _cells.AddReference(_taken[i], running: false);
        }

        foreach (var cell in _taken)
        {
            _cells.Release(cell, running: true);
            _cells.Release(cell, running: false);
        }
    }

    public void Dispose()
    {
    }
}
