namespace HybridConversations.Inference.KvBlocks;

/// <summary>A KV state outside the device: its tokens, and its blocks and checkpoints in host memory. Whoever holds it disposes it once.</summary>
internal sealed class KvImage(string? key, int[] tokens, KvLineage lineage, KvBlock[] blocks, KvBlock[] checkpoints) : IDisposable
{
    private int _disposed;

    public string? Key { get; } = key;
    public int[] Tokens { get; } = tokens;
    public KvLineage Lineage { get; } = lineage;
    public KvBlock[] Blocks { get; } = blocks;

    /// <summary>In order; none where the model has no running state.</summary>
    public KvBlock[] Checkpoints { get; } = checkpoints;

    /// <summary>Which tier it came from, for the accounts.</summary>
    public bool FromDisk { get; init; }

    /// <summary>The last to be dropped: a beginning that is kept for all.</summary>
    public bool Pinned { get; init; }

    /// <summary>Tokens of the prompt that it answered: where it belongs to no conversation, a later state that begins with them takes its place.</summary>
    public int Settled { get; init; }

    /// <summary>Milliseconds of the engine's clock of its last use.</summary>
    public double UsedMs { get; set; }

    /// <summary>Bytes of memory; blocks that others hold too count here as well.</summary>
    public long Bytes => Blocks.Sum(b => (long)b.Allocated) + Checkpoints.Sum(c => (long)c.Allocated);

    /// <summary>Tokens that a prompt may go on from: its own conversation from all that agree, others only from what was computed with nothing else in view.</summary>
    public int CommonPrefix(string? key, ReadOnlySpan<int> prompt)
    {
        var common = Tokens.AsSpan().CommonPrefixLength(prompt);
        common = key is not null && key == Key ? common : Math.Min(common, Lineage.CleanLength);
        return Checkpoints.Length == 0 ? common : KvBlocks.Checkpoints.Before(Checkpoints, common)?.From ?? 0;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            foreach (var block in Blocks)
            {
                block.Release();
            }

            foreach (var checkpoint in Checkpoints)
            {
                checkpoint.Release();
            }
        }
    }
}
