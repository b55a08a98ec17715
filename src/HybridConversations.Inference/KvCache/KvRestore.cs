using HybridConversations.Inference.KvBlocks;

namespace HybridConversations.Inference.KvCache;

/// <summary>
/// A state on its way back into a slot, a block at a time. It holds a reference to each block that was in host memory when it began, and to each that came from disk since, until
/// that is restored: nothing that happens to the tiers meanwhile can change what comes back.
/// </summary>
internal sealed class KvRestore : IDisposable
{
    private readonly int _blockCount;
    private readonly KvBlock?[] _blocks;
    private readonly bool[] _asked;
    private bool _letGo;

    /// <param name="tokens">Tokens of the state.</param>
    /// <param name="lineage">What it was computed with.</param>
    /// <param name="from">Tokens that the slot holds already: whole blocks.</param>
    /// <param name="length">Tokens that are wanted.</param>
    /// <param name="hasState">A checkpoint just there comes back behind them.</param>
    public KvRestore(int[] tokens, KvLineage lineage, int from, int length, bool hasState)
    {
        (Tokens, Lineage, Length, EndsInCheckpoint) = (tokens, lineage, length, hasState);
        _blockCount = BlocksOf(length);
        Ids = [.. KvBlockId.Chain(tokens, lineage).AsSpan(0, _blockCount), .. hasState ? [KvBlockId.Checkpoint(tokens.AsSpan(0, length))] : (ReadOnlySpan<KvBlockId>)[]];
        Next = from / KvBlockId.BlockTokens;
        _blocks = new KvBlock?[Ids.Length];
        _asked = new bool[Ids.Length];
    }

    public int[] Tokens { get; }
    public KvLineage Lineage { get; }
    public KvBlockId[] Ids { get; }

    /// <summary>Tokens that can come back; less than was wanted once a block turned out to be missing.</summary>
    public int Length { get; private set; }

    /// <summary>Index of the block that comes next.</summary>
    public int Next { get; private set; }

    /// <summary>Does a checkpoint still come behind its tokens? Not once one of them turned out to be missing.</summary>
    public bool EndsInCheckpoint { get; private set; }

    /// <summary>Parts that can come back: blocks, and a checkpoint.</summary>
    public int Parts => BlocksOf(Length) + (EndsInCheckpoint ? 1 : 0);

    /// <summary>Which tier it came from, for the accounts.</summary>
    public bool FromDisk { get; init; }

    /// <summary>Nobody waits for it any more.</summary>
    public bool Ended { get; private set; }
    public bool IsWhole => Next >= Parts;

    /// <summary>Reads that are under way.</summary>
    public int Reading { get; private set; }

    /// <summary>The block that comes next; null when it is not here yet.</summary>
    public KvBlock? NextBlock => _blocks[Next];

    public int From(int index) => index < _blockCount ? index * KvBlockId.BlockTokens : Length;

    public int To(int index) => index < _blockCount ? Math.Min(Tokens.Length, (index + 1) * KvBlockId.BlockTokens) : Length;

    /// <summary>Takes a reference over.</summary>
    public void Hold(int index, KvBlock block) => _blocks[index] = block;

    public bool IsMissing(int index) => _blocks[index] is null && !_asked[index];

    public void Ask(int index)
    {
        _asked[index] = true;
        _letGo = false;
        Reading++;
    }

    /// <summary>Takes over what a read brought; null: it and all behind it cannot come back.</summary>
    public void Arrive(int index, KvBlock? block)
    {
        Reading--;
        if (Ended || index < Next)
        {
            block?.Release();
        }
        else if (block is null)
        {
            EndBefore(index);
        }
        else if (_letGo)
        {
            block.Release();
            _asked[index] = false;
        }
        else
        {
            _blocks[index] = block;
        }
    }

    /// <summary>Nothing comes back from this part on.</summary>
    public void EndBefore(int index)
    {
        EndsInCheckpoint = false;
        Length = Math.Min(Length, From(index));
    }

    /// <summary>Nothing comes back from this token on.</summary>
    public void EndAt(int length) => (EndsInCheckpoint, Length) = (EndsInCheckpoint && length >= Length, Math.Min(Length, length));

    /// <summary>The checkpoint is back.</summary>
    public void EndWithCheckpoint()
    {
        _blocks[Next]?.Release();
        _blocks[Next++] = null;
    }

    private static int BlocksOf(int tokens) => (tokens + KvBlockId.BlockTokens - 1) / KvBlockId.BlockTokens;

    /// <summary>The slot holds so many tokens now: lets go of what they were in.</summary>
    public void SkipTo(int tokens)
    {
        for (; Next < _blockCount && To(Next) <= Math.Max(tokens, 0); Next++)
        {
            _blocks[Next]?.Release();
            _blocks[Next] = null;
        }
    }

    /// <summary>Others come first: gives back the memory of what was read from disk for it; it is read again when it is its turn.</summary>
    public void LetGo()
    {
        _letGo = true;
        for (var i = Next; i < _blocks.Length; i++)
        {
            if (_asked[i] && _blocks[i] is { } block)
            {
                block.Release();
                (_blocks[i], _asked[i]) = (null, false);
            }
        }
    }

    public void Dispose()
    {
        Ended = true;
        for (var i = 0; i < _blocks.Length; i++)
        {
            _blocks[i]?.Release();
            _blocks[i] = null;
        }
    }
}
