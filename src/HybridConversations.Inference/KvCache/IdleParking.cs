using System.Runtime.InteropServices;

namespace HybridConversations.Inference.KvCache;

/// <summary>
/// Parks conversations that lay idle while others went on, a block a step. Attention passes over every cell of the unified KV memory at every step,
/// idle or not, so a cell that lies there for some steps costs more than its way to host memory and back (docs/engine.md). Belongs to the engine's thread.
/// </summary>
/// <param name="kv">Where the idle ones lie.</param>
/// <param name="parked">Where they go, as long as nobody must leave it for them.</param>
/// <param name="transfer">Saves a block.</param>
/// <param name="options">After how many steps.</param>
internal sealed class IdleParking(ResidentKv kv, ParkedKv parked, KvTransfer transfer, KvTierOptions options)
{
    private readonly Queue<Idle> _idle = new();
    private readonly Dictionary<KvBlockId, KvBlock> _saved = [];
    private KvBlockId[]? _ids;
    private long _bytesPerToken;
    private long _steps;

    /// <summary>A step was computed: whoever lay idle was in its way.</summary>
    public void CountStep() => _steps++;

    /// <summary>A slot has become idle.</summary>
    public void Watch(KvSlot slot)
    {
        if (options is { IdleSteps: > 0, ParkedBytes: > 0 })
        {
            _idle.Enqueue(new Idle(slot, slot.LastUsed, _steps + options.IdleSteps));
        }
    }

    /// <summary>Saves one block of a slot that is due, or gives its cells back when all are saved. False when nothing is due.</summary>
    public bool ParkOne()
    {
        while (_idle.TryPeek(out var next) && next.DueStep <= _steps)
        {
            var slot = next.Slot;
            if (slot is not { Running: false, Pinned: false, Count: >= KvTiers.WorthRestoring })
            {
                Leave();
            }
            else if (slot.LastUsed != next.LastUsed)
            {
                Leave();
                Watch(slot); // used or shared since: its time begins anew
            }
            else if (_ids is null && parked.Bytes + (slot.Count * _bytesPerToken) > options.ParkedBytes)
            {
                Leave(); // it stays until somebody needs its cells
            }
            else
            {
                if (!SaveNext(slot))
                {
                    kv.EvictIdle(slot);
                    Leave();
                }

                return true;
            }
        }

        return false;
    }

    /// <summary>A block saved ahead, with its reference; null when there is none.</summary>
    public KvBlock? Take(KvBlockId id) => _saved.Remove(id, out var block) ? block : null;

    /// <summary>False when every block is saved, or the backend refuses.</summary>
    private bool SaveNext(KvSlot slot)
    {
        _ids ??= KvBlockId.Chain(slot.Tokens);
        for (var i = 0; i < _ids.Length; i++)
        {
            if (_saved.ContainsKey(_ids[i]) || parked.FindBlock(_ids[i]) is not null)
            {
                continue;
            }

            var from = i * KvBlockId.BlockTokens;
            var to = Math.Min(slot.Count, from + KvBlockId.BlockTokens);
            if (transfer.Save(slot, _ids[i], from, to) is not { } block)
            {
                return false;
            }

            _saved.Add(block.Id, block);
            _bytesPerToken = block.Length / (to - from);
            return true;
        }

        return false;
    }

    private void Leave()
    {
        _idle.Dequeue();
        _ids = null;
        foreach (var block in _saved.Values)
        {
            block.Release();
        }

        _saved.Clear();
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Idle(KvSlot Slot, long LastUsed, long DueStep);
}
