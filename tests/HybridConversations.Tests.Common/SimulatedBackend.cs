using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using HybridConversations.Inference.Backends;

namespace HybridConversations.Tests.Common;

/// <summary>
/// A toy model behind the backend port, exact where the real ones only promise: the next token is a hash of everything in the sequence's KV cells, and a cell is a hash of
/// all that was in view when it was computed, so that a scheduler or cache that mixes up, loses or misplaces one token, or goes on from what was computed beside other tokens,
/// is seen in the text. Cells, sequences and batch are limited, positions are checked, time is virtual. Passes <c>ModelBackendContract</c>. Not thread-safe except where the port says so; a call from a
/// second thread while another runs throws.
/// </summary>
public sealed class SimulatedBackend : IModelBackend
{
    private const int StateHeader = 40;
    private const int CellBytes = 8;
    private const int ViewBytes = 16;
    private const int PositionBits = 22;
    private const int CheckpointLength = 400;

    private readonly SimulatedBackendOptions _options;
    private readonly SimulatedCells _cells;
    private readonly float[] _logits;
    private readonly bool[] _hasLogits;
    private readonly bool[] _hasState;
    private int _abort;
    private int _inside;
    private bool _disposed;

    public SimulatedBackend(SimulatedBackendOptions? options = null)
    {
        _options = options ?? new SimulatedBackendOptions();
        _cells = new SimulatedCells(_options.Cells, _options.MaxSequences);
        _logits = new float[_options.BatchSize * SimulatedModel.VocabularySize];
        _hasLogits = new bool[_options.BatchSize];
        _hasState = [.. Enumerable.Repeat(true, _options.MaxSequences)];
        Info = new BackendInfo
        {
            Backend = "simulated 1",
            ModelHash = new string('0', 64),
            ModelName = "simulated",
            Description = "next token = hash of the history",
            ModelBytes = 1,
            VocabularySize = SimulatedModel.VocabularySize,
            TrainedContext = _options.TrainedContext,
            Cells = _options.Cells,
            MaxSequences = _options.MaxSequences,
            BatchSize = _options.BatchSize,
            MicroBatchSize = _options.MicroBatchSize,
            KvBytesPerToken = BytesPerToken,
            CanShift = _options.CanShift && !_options.HasRunningState,
            HasRunningState = _options.HasRunningState,
            CheckpointBytes = _options.HasRunningState ? CheckpointLength : 0,
            LayoutKey = "simulated-1",
            Template = _options.Template,
        };
    }

    public BackendInfo Info { get; }

    private int BytesPerToken => CellBytes + (_options.KeepsViews ? ViewBytes : 0);

    /// <summary>Decodes that were computed (Ok or partly).</summary>
    public int Decodes { get; private set; }

    /// <summary>Rows that were computed.</summary>
    public long Rows { get; private set; }

    /// <summary>Cells in use; cells shared by several sequences count once.</summary>
    public int UsedCells => _cells.Used;

    /// <summary>Sees each batch before it is computed; may throw to simulate a fault or call <see cref="RequestAbort"/>.</summary>
    public Action<TokenBatch>? BeforeDecode { get; set; }

    /// <summary>The tokens that a sequence holds, oldest first.</summary>
    public int[] TokensOf(int sequence) => [.. _cells.Of(sequence).Select(cell => cell.Token)];

    /// <summary>The cells that a sequence holds, oldest first.</summary>
    public IReadOnlyList<SimulatedCell> CellsOf(int sequence) => _cells.Of(sequence);

    public int[] Tokenize(string text, bool addSpecial, bool parseSpecial) => SimulatedModel.Tokenize(text, parseSpecial);

    public int TokenToPiece(int token, Span<byte> destination)
    {
        var piece = SimulatedModel.Piece(token);
        return piece.AsSpan().TryCopyTo(destination) ? piece.Length : -piece.Length;
    }

    public bool IsEndOfGeneration(int token) => token is SimulatedModel.MessageEnd or SimulatedModel.EndOfText;

    public bool IsControl(int token) => token >= SimulatedModel.MessageStart;

    public DecodeStatus Decode(TokenBatch batch)
    {
        using var inside = Enter();
        BeforeDecode?.Invoke(batch);
        Check(batch);
        Array.Clear(_hasLogits);
        if (Interlocked.Exchange(ref _abort, 0) == 1)
        {
            return DecodeStatus.Aborted;
        }

        if (_cells.Used + batch.Count > _cells.Capacity)
        {
            return DecodeStatus.NoKvRoom;
        }

        Decodes++;
        for (var row = 0; row < batch.Count; row++)
        {
            if (row % _options.MicroBatchSize == 0 && Interlocked.Exchange(ref _abort, 0) == 1)
            {
                return DecodeStatus.Aborted;
            }

            Compute(batch, row);
        }

        _options.Spend?.Invoke(_options.Cost(batch));
        return DecodeStatus.Ok;
    }

    /// <summary>Sees each request to abort.</summary>
    public Action? AbortRequested { get; set; }

    public void RequestAbort()
    {
        Volatile.Write(ref _abort, 1);
        AbortRequested?.Invoke();
    }

    public ReadOnlySpan<float> Logits(int row)
    {
        using var inside = Enter();
        return (uint)row < (uint)_hasLogits.Length && _hasLogits[row]
            ? _logits.AsSpan(row * SimulatedModel.VocabularySize, SimulatedModel.VocabularySize)
            : throw new InvalidOperationException($"Row {row} of the last batch did not ask for logits.");
    }

    public bool RemoveRange(int sequence, int from, int to)
    {
        using var inside = Enter();
        CheckSequence(sequence);
        var (start, end) = Ends(from, to);
        if (_options.HasRunningState && end <= _cells.MaxPosition(sequence))
        {
            return false;
        }

        if (start == 0)
        {
            _hasState[sequence] = true;
        }
        else if (start <= _cells.MaxPosition(sequence))
        {
            _hasState[sequence] = !_options.HasRunningState;
        }

        _cells.Remove(sequence, start, end);
        return true;
    }

    public void CopyRange(int source, int target, int from, int to)
    {
        using var inside = Enter();
        CheckSequence(source);
        CheckSequence(target);
        if (source != target)
        {
            var (start, end) = Ends(from, to);
            _cells.Share(source, target, start, end);
            _hasState[target] = !_options.HasRunningState;
        }
    }

    public bool ShiftRange(int sequence, int from, int to, int delta)
    {
        using var inside = Enter();
        CheckSequence(sequence);
        var (start, end) = Ends(from, to);
        return Info.CanShift && _cells.Shift(sequence, start, end, delta);
    }

    public int MaxPosition(int sequence)
    {
        using var inside = Enter();
        CheckSequence(sequence);
        return LastPosition(sequence);
    }

    private int LastPosition(int sequence) => _hasState[sequence] ? _cells.MaxPosition(sequence) : -1;

    public long SequenceStateSize(int sequence)
    {
        using var inside = Enter();
        CheckSequence(sequence);
        return StateHeader + _cells.Length(sequence) * BytesPerToken;
    }

    /// <summary>States saved so far.</summary>
    public int SavedSequences { get; private set; }

    /// <summary>States restored so far, refused ones too.</summary>
    public int RestoredSequences { get; private set; }

    /// <summary>Sees each restore before it is done; true refuses it.</summary>
    public Func<bool>? RefuseRestore { get; set; }

    public long SaveSequence(int sequence, Span<byte> destination)
    {
        SavedSequences++;
        var size = (int)SequenceStateSize(sequence);
        if (destination.Length < size)
        {
            throw new ArgumentException($"The state needs {size} bytes and the buffer has {destination.Length}.", nameof(destination));
        }

        using var inside = Enter();
        var body = destination[StateHeader..size];
        var at = 0;
        foreach (var cell in _cells.Of(sequence))
        {
            BinaryPrimitives.WriteInt32LittleEndian(body[at..], cell.Token << PositionBits | cell.Position);
            BinaryPrimitives.WriteUInt32LittleEndian(body[(at + 4)..], cell.Value);
            if (_options.KeepsViews)
            {
                BinaryPrimitives.WriteUInt128LittleEndian(body[(at + CellBytes)..], cell.View);
            }

            at += BytesPerToken;
        }

        Encoding.ASCII.GetBytes("simulate", destination);
        SHA256.HashData(body, destination[8..]);
        return size;
    }

    public bool RestoreSequence(int sequence, ReadOnlySpan<byte> source)
    {
        using var inside = Enter();
        CheckSequence(sequence);
        if (_cells.Length(sequence) > 0)
        {
            throw new InvalidOperationException($"Sequence {sequence} is not empty: remove its positions before restoring into it.");
        }

        RestoredSequences++;
        if (RefuseRestore?.Invoke() == true || source.Length < StateHeader || (source.Length - StateHeader) % BytesPerToken != 0 || !source.StartsWith("simulate"u8)
            || !SHA256.HashData(source[StateHeader..]).AsSpan().SequenceEqual(source[8..StateHeader])
            || _cells.Used + (source.Length - StateHeader) / BytesPerToken > _cells.Capacity)
        {
            return false;
        }

        for (var rest = source[StateHeader..]; rest.Length > 0; rest = rest[BytesPerToken..])
        {
            var place = BinaryPrimitives.ReadInt32LittleEndian(rest);
            _cells.Add(sequence, new SimulatedCell
            {
                Token = place >> PositionBits,
                Position = place & ((1 << PositionBits) - 1),
                Value = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]),
                View = _options.KeepsViews ? BinaryPrimitives.ReadUInt128LittleEndian(rest[CellBytes..]) : 0,
            });
        }

        _hasState[sequence] = !_options.HasRunningState;
        return true;
    }

    public long CheckpointSize(int sequence)
    {
        CheckSequence(sequence);
        return Info.CheckpointBytes;
    }

    public long SaveCheckpoint(int sequence, Span<byte> destination)
    {
        using var inside = Enter();
        if (LastPosition(sequence) < 0)
        {
            throw new InvalidOperationException($"Sequence {sequence} has no running state.");
        }

        destination[..CheckpointLength].Clear();
        BinaryPrimitives.WriteInt32LittleEndian(destination, _cells.Length(sequence));
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], _cells.History(sequence));
        return CheckpointLength;
    }

    public bool RestoreCheckpoint(int sequence, ReadOnlySpan<byte> source)
    {
        using var inside = Enter();
        CheckSequence(sequence);
        if (RefuseRestore?.Invoke() == true)
        {
            _hasState[sequence] = _cells.Length(sequence) == 0;
            return false;
        }

        if (BinaryPrimitives.ReadInt32LittleEndian(source) != _cells.Length(sequence) || BinaryPrimitives.ReadUInt64LittleEndian(source[8..]) != _cells.History(sequence))
        {
            throw new InvalidOperationException($"Sequence {sequence} of {_cells.Length(sequence)} tokens was given the running state of others, or after {BinaryPrimitives.ReadInt32LittleEndian(source)} tokens.");
        }

        _hasState[sequence] = true;
        return true;
    }

    public void Dispose() => _disposed = true;

    private void Compute(TokenBatch batch, int row)
    {
        var (sequence, position) = (batch.Sequences[row], batch.Positions[row]);
        var history = _cells.Compute(sequence, batch.Tokens[row], position);
        Rows++;
        if (!batch.WantsLogits[row])
        {
            return;
        }

        var next = _options.Next?.Invoke(TokensOf(sequence)) ?? SimulatedModel.Next(history);
        _hasLogits[row] = true;
        SimulatedModel.WriteLogits(history, next, _logits.AsSpan(row * SimulatedModel.VocabularySize, SimulatedModel.VocabularySize));
    }

    private void Check(TokenBatch batch)
    {
        if (batch.Count > _options.BatchSize || batch.Count == 0)
        {
            throw new ArgumentException($"The batch has {batch.Count} rows; 1 to {_options.BatchSize} are allowed.", nameof(batch));
        }

        var next = new Dictionary<int, int>();
        for (var row = 0; row < batch.Count; row++)
        {
            var (sequence, token, position) = (batch.Sequences[row], batch.Tokens[row], batch.Positions[row]);
            CheckSequence(sequence);
            if ((uint)token >= SimulatedModel.VocabularySize)
            {
                throw new ArgumentOutOfRangeException(nameof(batch), token, $"Row {row}: tokens are 0 to {SimulatedModel.VocabularySize - 1}.");
            }

            var expected = next.TryGetValue(sequence, out var value) ? value : LastPosition(sequence) + 1;
            if (position != expected || !_hasState[sequence])
            {
                throw new InvalidOperationException($"Row {row}: position {position} in sequence {sequence}, whose next position is {expected}.");
            }

            next[sequence] = position + 1;
        }
    }

    private void CheckSequence(int sequence)
    {
        if ((uint)sequence >= (uint)_options.MaxSequences)
        {
            throw new ArgumentOutOfRangeException(nameof(sequence), sequence, $"Sequences are 0 to {_options.MaxSequences - 1}.");
        }
    }

    private static (int Start, int End) Ends(int from, int to) => (from < 0 ? 0 : from, to < 0 ? int.MaxValue : to);

    private Guard Enter()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return Interlocked.Exchange(ref _inside, 1) == 0 ? new Guard(this)
            : throw new InvalidOperationException("Two threads are in the backend at once: it belongs to the engine's thread.");
    }

    private readonly ref struct Guard(SimulatedBackend backend)
    {
        public void Dispose() => Volatile.Write(ref backend._inside, 0);
    }
}
