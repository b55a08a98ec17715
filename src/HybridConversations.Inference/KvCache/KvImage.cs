namespace HybridConversations.Inference.KvCache;

/// <summary>A KV state outside the device: its tokens and its blocks in host memory. Whoever holds it disposes it once.</summary>
internal sealed class KvImage(string? key, int[] tokens, KvBlock[] blocks) : IDisposable
{
    private int _disposed;

    public string? Key { get; } = key;
    public int[] Tokens { get; } = tokens;
    public KvBlock[] Blocks { get; } = blocks;

    /// <summary>Which tier it came from, for the accounts.</summary>
    public bool FromDisk { get; init; }

    /// <summary>The last to be dropped: a beginning that is kept for all.</summary>
    public bool Pinned { get; init; }
    public long Bytes => Blocks.Sum(b => (long)b.Length);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            foreach (var block in Blocks)
            {
                block.Release();
            }
        }
    }
}
