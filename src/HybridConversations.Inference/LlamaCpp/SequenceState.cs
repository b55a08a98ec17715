using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace HybridConversations.Inference.LlamaCpp;

/// <summary>
/// llama.cpp's own state of one sequence, read: which cells it has and where the keys and values of each lie. Where each sequence has cells of its own llama.cpp copies only whole
/// sequences, so a part of one is taken from its state and put behind another's. As of llama.cpp 0.5.0 (<c>llama_kv_cache::state_write</c>): a mark and the number of the sequence, where the release puts them before; the number of streams; for each the number of its cells, and where
/// there are any: for each cell its position and its sequences; whether values are transposed; layers; for each layer the type of its keys, the bytes of a cell's, and the keys; the same for the values.
/// What does not read like that is refused, when a model is loaded.
/// </summary>
internal sealed class SequenceState : IDisposable
{
    private const int Word = sizeof(int);
    private readonly List<Tensor> _tensors = [];

    /// <summary>Position of each cell, in the order of the memory.</summary>
    private readonly List<int> _positions = [];

    private readonly int _length;
    private byte[]? _buffer;
    private int _streamsAt;
    private int _layersAt;

    /// <param name="length">Bytes; they are for the caller to write, and then to be read (<see cref="TryRead()"/>).</param>
    public SequenceState(int length) => (_buffer, _length) = (ArrayPool<byte>.Shared.Rent(length), length);

    public Span<byte> Bytes => (_buffer ?? throw new ObjectDisposedException(nameof(SequenceState))).AsSpan(0, _length);

    public int Cells => _positions.Count;

    private int Streams => BinaryPrimitives.ReadInt32LittleEndian(Bytes[_streamsAt..]);

    public void Dispose()
    {
        if (_buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = null;
        }
    }

    /// <summary>This sequence's cells followed by those of another at [from, to), as a state. Either may be empty.</summary>
    /// <exception cref="ArgumentException">Neither has any.</exception>
    public SequenceState With(SequenceState other, int from, int to)
    {
        int[] added = [.. Enumerable.Range(0, other.Cells).Where(cell => other._positions[cell] >= from && other._positions[cell] < to)];
        if (Cells + added.Length == 0)
        {
            throw new ArgumentException($"Nothing lies in [{from}, {to}).", nameof(from));
        }

        var whole = Cells > 0 ? this : other; // an empty state does not say what its layers are
        var cells = Cells + added.Length;
        var result = new SequenceState(checked((int)whole.Length(cells)));
        var writer = new Writer(result.Bytes);
        writer.Copy(whole.Bytes[..(whole._streamsAt + Word)]);
        writer.Int(cells);
        foreach (var (state, cell) in _positions.Select((_, i) => (this, i)).Concat(added.Select(i => (other, i))))
        {
            writer.Int(state._positions[cell]);
            writer.Int(1);
            writer.Int(0); // any sequence: it is restored into the one that is asked for
        }

        writer.Copy(whole.Bytes.Slice(whole._layersAt, 2 * Word));
        for (var i = 0; i < whole._tensors.Count; i++)
        {
            var tensor = whole._tensors[i];
            writer.Copy(whole.Bytes.Slice(tensor.HeaderAt, tensor.At - tensor.HeaderAt));
            for (var row = 0; row < tensor.Rows; row++)
            {
                if (Cells > 0)
                {
                    writer.Copy(Cell(i, row, 0, Cells));
                }

                foreach (var (first, count) in Runs(added))
                {
                    writer.Copy(other.Cell(i, row, first, count));
                }
            }
        }

        for (var stream = 1; stream < whole.Streams; stream++)
        {
            writer.Int(0);
        }

        result._positions.AddRange(_positions);
        result._positions.AddRange(added.Select(cell => other._positions[cell]));
        return writer.At == result._length ? result : throw new InvalidOperationException($"A state of {cells} cells took {writer.At} bytes where {result._length} were expected.");
    }

    /// <summary>Some cells of one row of a tensor: a row is one number of each cell where values are transposed, else everything of each cell.</summary>
    private ReadOnlySpan<byte> Cell(int tensor, int row, int first, int count)
    {
        var found = _tensors[tensor];
        return Bytes.Slice(found.At + (((row * Cells) + first) * found.CellBytes), count * found.CellBytes);
    }

    private long Length(int cells) => _streamsAt + (Word * (1L + Streams + 2)) + (3L * Word * cells) + _tensors.Sum(tensor => tensor.At - tensor.HeaderAt + ((long)tensor.Rows * tensor.CellBytes * cells));

    private static IEnumerable<(int First, int Count)> Runs(int[] cells)
    {
        var start = 0;
        for (var i = 1; i <= cells.Length; i++)
        {
            if (i == cells.Length || cells[i] != cells[i - 1] + 1)
            {
                yield return (cells[start], i - start);
                start = i;
            }
        }
    }

    /// <summary>Reads what was written. False: it is no state of this kind.</summary>
    public bool TryRead() => TryRead(streamsAt: 2 * Word) || TryRead(streamsAt: 0);

    private bool TryRead(int streamsAt)
    {
        _positions.Clear();
        _tensors.Clear();
        _streamsAt = streamsAt;
        var reader = new Reader(Bytes);
        reader.Skip(streamsAt);
        var streams = reader.Int();
        if (streams is < 1 or > 256)
        {
            return false;
        }

        for (var stream = 0; stream < streams && !reader.Failed; stream++)
        {
            var cells = reader.Int();
            if (cells > 0 && (_positions.Count > 0 || !TryReadCells(ref reader, cells)))
            {
                return false; // one sequence lies in one stream
            }
        }

        return reader is { Failed: false, Left: 0 };
    }

    private bool TryReadCells(ref Reader reader, int cells)
    {
        for (var cell = 0; cell < cells && !reader.Failed; cell++)
        {
            _positions.Add(reader.Int());
            if (reader.Int() != 1)
            {
                return false; // positions of more dimensions, or a cell of several sequences
            }

            reader.Int();
        }

        _layersAt = reader.At;
        var (transposed, layers) = (reader.Int(), reader.Int());
        if (transposed is not (0 or 1) || layers is < 1 or > 4096)
        {
            return false;
        }

        for (var i = 0; i < 2 * layers && !reader.Failed; i++)
        {
            var header = reader.At;
            reader.Int(); // type
            var isTransposed = i >= layers && transposed == 1;
            var cellBytes = isTransposed ? reader.Int() : reader.Long();
            var rows = isTransposed ? reader.Int() : 1;
            if (cellBytes is < 1 or > 1 << 24 || rows is < 1 or > 1 << 20)
            {
                return false;
            }

            _tensors.Add(new Tensor(header, reader.At, rows, (int)cellBytes));
            reader.Skip(rows * cellBytes * cells);
        }

        return !reader.Failed;
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Tensor(int HeaderAt, int At, int Rows, int CellBytes);

    private ref struct Reader(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> _bytes = bytes;

        public int At { get; private set; }
        public bool Failed { get; private set; }
        public readonly int Left => _bytes.Length - At;

        public int Int() => Take(Word) is { Length: > 0 } bytes ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : -1;

        public long Long() => Take(sizeof(long)) is { Length: > 0 } bytes ? BinaryPrimitives.ReadInt64LittleEndian(bytes) : -1;

        public void Skip(long count) => Take(count);

        private ReadOnlySpan<byte> Take(long count)
        {
            if (count > Left || Failed)
            {
                Failed = true;
                return [];
            }

            var taken = _bytes.Slice(At, (int)count);
            At += (int)count;
            return taken;
        }
    }

    private ref struct Writer(Span<byte> bytes)
    {
        private readonly Span<byte> _bytes = bytes;

        public int At { get; private set; }

        public void Int(int value)
        {
            BinaryPrimitives.WriteInt32LittleEndian(_bytes[At..], value);
            At += Word;
        }

        public void Copy(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(_bytes[At..]);
            At += bytes.Length;
        }
    }
}
