using System.Numerics;
using System.Runtime.InteropServices;

namespace HybridConversations.Inference.KvBlocks;

/// <summary>The saved KV of a run of tokens in host memory, reference-counted between all who need it: whoever is going to restore or write it holds a reference until that is done. Immutable.</summary>
internal sealed class KvBlock
{
    private readonly HostMemory _memory;
    private readonly byte[] _buffer;
    private readonly uint _checksum;
    private int _references = 1;

    /// <param name="id">By what it depends on.</param>
    /// <param name="from">First position.</param>
    /// <param name="tokens">Its tokens.</param>
    /// <param name="buffer">Its state, rented from <paramref name="memory"/>, which gets it back with the last reference.</param>
    /// <param name="length">Bytes of the state.</param>
    /// <param name="memory">Whose buffer it is.</param>
    public KvBlock(KvBlockId id, int from, int[] tokens, byte[] buffer, int length, HostMemory memory)
    {
        (Id, From, Tokens, Length) = (id, from, tokens, length);
        (_buffer, _memory) = (buffer, memory);
        _checksum = Checksum();
    }

    public KvBlockId Id { get; }

    /// <summary>First position.</summary>
    public int From { get; }

    /// <summary>Position behind the last.</summary>
    public int To => From + Tokens.Length;
    public int[] Tokens { get; }

    /// <summary>A running state instead of cells (<see cref="Checkpoints"/>).</summary>
    public bool IsCheckpoint => Tokens.Length == 0;
    public int Length { get; }

    /// <summary>Bytes that it really takes.</summary>
    public int Allocated => _buffer.Length;
    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, Length);

    /// <summary>Is it still what was saved?</summary>
    public bool IsIntact() => Volatile.Read(ref _references) > 0 && Checksum() == _checksum;

    public void AddReference()
    {
        if (Interlocked.Increment(ref _references) <= 1)
        {
            throw new InvalidOperationException($"The KV block of tokens {From} to {To} was given back already.");
        }
    }

    public void Release()
    {
        var left = Interlocked.Decrement(ref _references);
        if (left == 0)
        {
            _memory.Return(_buffer);
        }
        else if (left < 0)
        {
            throw new InvalidOperationException($"The KV block of tokens {From} to {To} was given back twice.");
        }
    }

    /// <summary>CRC-32C in four lanes, at the speed of memory.</summary>
    private uint Checksum()
    {
        var words = MemoryMarshal.Cast<byte, ulong>(_buffer.AsSpan(0, Length));
        var (a, b, c, d) = (1u, 2u, 3u, 4u);
        var i = 0;
        for (; i + 3 < words.Length; i += 4)
        {
            a = BitOperations.Crc32C(a, words[i]);
            b = BitOperations.Crc32C(b, words[i + 1]);
            c = BitOperations.Crc32C(c, words[i + 2]);
            d = BitOperations.Crc32C(d, words[i + 3]);
        }

        for (i *= sizeof(ulong); i < Length; i++)
        {
            a = BitOperations.Crc32C(a, _buffer[i]);
        }

        return BitOperations.Crc32C(BitOperations.Crc32C(a, (ulong)b << 32 | c), d);
    }
}
