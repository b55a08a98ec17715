using System.Runtime.InteropServices;
using HybridConversations.Inference.KvBlocks;

namespace HybridConversations.Inference.KvCache;

/// <summary>A sequence id of the backend with the tokens whose KV it holds; token i is at position i.</summary>
internal sealed class KvSlot(int id)
{
    private readonly List<int> _tokens = [];
    private readonly List<int> _cells = [];
    private readonly List<KvBlock> _checkpoints = [];

    public int Id { get; } = id;

    /// <summary>Conversation that owns it; null for requests without one.</summary>
    public string? Key { get; set; }

    /// <summary>True while a generation uses it: never evicted.</summary>
    public bool Running { get; set; }

    /// <summary>Evicted only when nothing else is left: a beginning that is kept for all.</summary>
    public bool Pinned { get; set; }

    /// <summary>Tokens that the next turn of its conversation is expected to begin with: its last prompt, without the reply, which may still be cut.</summary>
    public int Settled { get; set; }

    /// <summary>
    /// Its cells are the first of the memory, in the order of its tokens, as if it had never held anything else: attention then adds up in the same order, to the same bits.
    /// </summary>
    public bool IsPlaced { get; set; }

    /// <summary>Has it the running state behind its last token? False while it comes back from a lower tier; true where the model has none.</summary>
    public bool HasState { get; set; } = true;

    /// <summary>Where it can be rewound to, in order, where the model has a running state.</summary>
    public IReadOnlyList<KvBlock> Checkpoints => _checkpoints;

    /// <summary>Its text must not be shown in a log.</summary>
    public bool Private { get; set; }

    /// <summary>What its tokens were computed with.</summary>
    public KvLineage Lineage { get; set; } = KvLineage.Clean;

    /// <summary>Ticks of the cache's own clock; the lowest is evicted first.</summary>
    public long LastUsed { get; set; }

    public int Count => _tokens.Count;
    public ReadOnlySpan<int> Tokens => CollectionsMarshal.AsSpan(_tokens);

    /// <summary>Its tokens as far as others may share them.</summary>
    public ReadOnlySpan<int> CleanTokens => Tokens[..Math.Min(Count, Lineage.CleanLength)];
    public ReadOnlySpan<int> Cells => CollectionsMarshal.AsSpan(_cells);

    public void Reserve(int tokens)
    {
        _tokens.EnsureCapacity(tokens);
        _cells.EnsureCapacity(tokens);
    }

    public void Add(int token, int cell)
    {
        _tokens.Add(token);
        _cells.Add(cell);
    }

    /// <summary>Bytes of memory that its checkpoints take, those that others hold too included.</summary>
    public long CheckpointBytes { get; private set; }

    /// <summary>Takes a checkpoint over. Past <see cref="KvBlocks.Checkpoints.Most"/> the second one goes.</summary>
    public void Add(KvBlock checkpoint)
    {
        _checkpoints.Add(checkpoint);
        CheckpointBytes += checkpoint.Allocated;
        if (_checkpoints.Count > KvBlocks.Checkpoints.Most)
        {
            RemoveCheckpoint(1);
        }
    }

    /// <summary>Lets go of the checkpoints behind so many tokens.</summary>
    public void RemoveCheckpoints(int behind)
    {
        while (_checkpoints is [.., var last] && last.From > behind)
        {
            RemoveCheckpoint(_checkpoints.Count - 1);
        }
    }

    private void RemoveCheckpoint(int index)
    {
        CheckpointBytes -= _checkpoints[index].Allocated;
        _checkpoints[index].Release();
        _checkpoints.RemoveAt(index);
    }

    public void RemoveRange(int from, int count)
    {
        _tokens.RemoveRange(from, count);
        _cells.RemoveRange(from, count);
    }
}
