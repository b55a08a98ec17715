namespace HybridConversations.Inference.KvBlocks;

/// <summary>
/// Host memory for KV states, counted by what is really allocated: parked states, and blocks on their way to or from the disk. Buffers have exactly the size that was asked for
/// (an array pool gives up to twice as much). Thread-safe: the disk's tasks give buffers back.
/// </summary>
internal sealed class HostMemory
{
    private const int MaxKept = 8;
    private readonly Lock _lock = new();
    private readonly Stack<byte[]> _kept = new();
    private readonly long _limit;
    private long _used;
    private bool _wanted;

    /// <param name="limitBytes">Bytes at most, where that is room for 16 blocks; with less than that two blocks more may be on their way to or from the disk.</param>
    /// <param name="blockBytes">Bytes of a whole block, about.</param>
    public HostMemory(long limitBytes, long blockBytes)
    {
        ParkedLimit = limitBytes - Math.Min(limitBytes / 8, 8 * blockBytes);
        _limit = Math.Max(limitBytes, ParkedLimit + (2 * blockBytes));
    }

    /// <summary>Bytes that parked states may take; the rest is for what is on its way.</summary>
    public long ParkedLimit { get; }

    /// <summary>Bytes that are allocated now, buffers kept for the next block included.</summary>
    public long Allocated
    {
        get
        {
            lock (_lock)
            {
                return _used + KeptBytes;
            }
        }
    }

    /// <summary>Called, on any thread, when memory comes back after somebody was refused.</summary>
    public Action? CameBack { get; set; }

    private long KeptBytes => _kept.TryPeek(out var kept) ? (long)kept.Length * _kept.Count : 0;

    /// <summary>A buffer of exactly this size; null when there is no room for it now.</summary>
    public byte[]? TryRent(int bytes)
    {
        lock (_lock)
        {
            if (_used + bytes > _limit)
            {
                _wanted = true;
                return null;
            }

            _used += bytes;
            if (_kept.TryPeek(out var kept) && kept.Length == bytes)
            {
                return _kept.Pop();
            }

            while (_used + KeptBytes > _limit)
            {
                _kept.Pop();
            }
        }

        return GC.AllocateUninitializedArray<byte>(bytes);
    }

    public void Return(byte[] buffer)
    {
        bool wanted;
        lock (_lock)
        {
            _used -= buffer.Length;
            if (_kept.TryPeek(out var kept) && kept.Length < buffer.Length)
            {
                _kept.Clear(); // whole blocks are the same size: those are kept
            }

            if (_kept.Count < MaxKept && (!_kept.TryPeek(out kept) || kept.Length == buffer.Length) && _used + KeptBytes + buffer.Length <= _limit)
            {
                _kept.Push(buffer);
            }

            (wanted, _wanted) = (_wanted, false);
        }

        if (wanted)
        {
            CameBack?.Invoke();
        }
    }
}
