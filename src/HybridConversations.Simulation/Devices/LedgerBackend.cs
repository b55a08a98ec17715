using System.Buffers.Binary;
using HybridConversations.Inference.Backends;

namespace HybridConversations.Simulation.Devices;

/// <summary>
/// A backend that computes nothing: it keeps book of which positions each sequence holds and spends the time that a step would take. The engine above it is the real one.
/// A token's saved state is one byte, so limits of host memory are given in tokens.
/// </summary>
internal sealed class LedgerBackend : IModelBackend
{
    public const int VocabularySize = 4;
    private const int MinState = 8;
    private static readonly float[] Row = [0, 1, 0, 0];
    private readonly (int From, int To)[] _ranges;
    private readonly int[] _rows;
    private readonly DeviceClock _clock;
    private readonly StepTime _time;

    public LedgerBackend(int cells, int sequences, int batch, StepTime time, DeviceClock clock)
    {
        (_time, _clock) = (time, clock);
        _ranges = new (int, int)[sequences];
        _rows = new int[sequences];
        Info = new BackendInfo
        {
            Backend = "ledger",
            ModelHash = "simulated",
            ModelName = "simulated",
            Description = "simulated",
            ModelBytes = 1,
            VocabularySize = VocabularySize,
            TrainedContext = cells,
            Cells = cells,
            MaxSequences = sequences,
            BatchSize = batch,
            KvBytesPerToken = 1,
            CanShift = false,
            LayoutKey = "ledger",
        };
    }

    public BackendInfo Info { get; }

    /// <summary>Milliseconds spent computing.</summary>
    public double BusyMs { get; private set; }

    public DecodeStatus Decode(TokenBatch batch)
    {
        Array.Clear(_rows);
        foreach (var sequence in batch.Sequences)
        {
            _rows[sequence]++;
            _ranges[sequence].To++;
        }

        var (writing, held, reading) = (0, 0L, 0);
        for (var sequence = 0; sequence < _rows.Length; sequence++)
        {
            if (_rows[sequence] == 1)
            {
                writing++;
                held += _ranges[sequence].To;
            }
            else
            {
                reading += _rows[sequence];
            }
        }

        var ms = _time.Milliseconds(writing, held, reading);
        BusyMs += ms;
        _clock.Spend(ms);
        return DecodeStatus.Ok;
    }

    public ReadOnlySpan<float> Logits(int row) => Row;

    public bool RemoveRange(int sequence, int from, int to)
    {
        ref var range = ref _ranges[sequence];
        range = from <= range.From ? (0, 0) : (range.From, Math.Min(range.To, from));
        return true;
    }

    public void CopyRange(int source, int target, int from, int to)
    {
        ref var range = ref _ranges[target];
        range = range.To == range.From ? (from, to) : (range.From, to);
    }

    public bool ShiftRange(int sequence, int from, int to, int delta) => false;

    public int MaxPosition(int sequence) => _ranges[sequence] is var (from, to) && to > from ? to - 1 : -1;

    public long SequenceStateSize(int sequence) => Math.Max(MinState, _ranges[sequence].To - _ranges[sequence].From);

    public long SaveSequence(int sequence, Span<byte> destination)
    {
        WriteState(destination, _ranges[sequence].From, _ranges[sequence].To);
        return SequenceStateSize(sequence);
    }

    public bool RestoreSequence(int sequence, ReadOnlySpan<byte> source)
    {
        _ranges[sequence] = (BinaryPrimitives.ReadInt32LittleEndian(source), BinaryPrimitives.ReadInt32LittleEndian(source[4..]));
        return true;
    }

    /// <summary>What <see cref="SaveSequence"/> writes.</summary>
    public static void WriteState(Span<byte> destination, int from, int to)
    {
        BinaryPrimitives.WriteInt32LittleEndian(destination, from);
        BinaryPrimitives.WriteInt32LittleEndian(destination[4..], to);
    }

    public int[] Tokenize(string text, bool addSpecial, bool parseSpecial) => [.. Enumerable.Repeat(1, text.Length)];

    public int TokenToPiece(int token, Span<byte> destination)
    {
        destination[0] = (byte)'a';
        return 1;
    }

    public bool IsEndOfGeneration(int token) => token == VocabularySize - 1;

    public bool IsControl(int token) => token == VocabularySize - 1;

    public void RequestAbort()
    {
    }

    public void Dispose()
    {
    }
}
