using HybridConversations.Inference.Backends;
using HybridConversations.Inference.KvBlocks;

namespace HybridConversations.Inference.Engine;

/// <summary>What is done before the first turn, so that it is as fast as the tenth.</summary>
internal sealed partial class EngineCore
{
    private const int WarmUpRows = 64;

    /// <summary>
    /// Computes a prompt and two tokens that nobody sees, where nobody is waiting: a GPU loads its kernels, threads start and weights are paged in.
    /// The cost model does not learn from it.
    /// </summary>
    public void WarmUp()
    {
        var rows = Math.Min(_batch.Capacity, WarmUpRows);
        if (_running.Count > 0 || _waiting.Count > 0 || _kv.Cells.Free < rows + 2)
        {
            return;
        }

        try
        {
            Compute(from: 0, rows);
            Compute(rows, 1);
            Compute(rows + 1, 1);
        }
        finally
        {
            _backend.RemoveRange(_kv.ScratchId, -1, -1);
        }
    }

    /// <summary>Takes over a state that came from disk before anybody asked for it. False (and it is disposed) when there is no room for it.</summary>
    public bool Park(KvImage image)
    {
        if (_tiers.TryPark(image, NowMs))
        {
            return true;
        }

        image.Dispose();
        return false;
    }

    /// <summary>Takes over a state of a conversation that is about to go on, from a disk that is not this engine's own (a simulated one).</summary>
    public void Bring(KvImage image) => _tiers.Park(image, NowMs);

    private void Compute(int from, int rows)
    {
        _batch.Clear();
        for (var i = 0; i < rows; i++)
        {
            _batch.Add((from + i) % _backend.Info.VocabularySize, from + i, _kv.ScratchId, wantsLogits: i == rows - 1);
        }

        if (_backend.Decode(_batch) is not DecodeStatus.Ok and var status)
        {
            LogNotDecoded(status, rows, _kv.Cells.Free);
        }
    }
}
