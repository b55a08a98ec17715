using HybridConversations.Inference.Backends;

namespace HybridConversations.Inference.LlamaCpp;

/// <summary>
/// The backend port over llama.cpp, whoever binds it (<see cref="LlamaCalls"/>), with one unified KV memory for all sequences: the rules that llama.cpp does not check stand here.
/// Made by an <see cref="IBackendProvider"/>. Call <see cref="Dispose"/> on the engine's thread, or after it has ended.
/// </summary>
public sealed partial class LlamaBackend : IModelBackend
{
    private readonly LlamaCalls _calls;
    private readonly LlamaSymbols _symbols;
    private readonly LlamaThreadPool? _threads;
    private readonly YieldingThreads? _yielding;
    private readonly LlamaVocabulary _vocabulary;
    private readonly AbortFlag _abort;
    private readonly LlamaBatchBuffer _rows;
    private readonly BatchParts _parts;
    private readonly bool _isCpu;
    private readonly SharedRanges _shared = new();
    private readonly SequenceStateHeader _stateHeader;

    // Next position of the sequences in the batch being checked; an entry counts when its stamp is the batch's.
    private readonly int[] _next;
    private readonly long[] _nextStamp;
    private long _stamp;

    private readonly bool[] _hasLogits;

    /// <summary>Positions were moved and llama.cpp has not turned the cached keys yet: it does so at its next decode, and a state saved before would be wrong.</summary>
    private bool _shiftPending;

    private LlamaBackend(
        LlamaCalls calls, LlamaSymbols symbols, LlamaThreadPool? threads, YieldingThreads? yielding, LlamaVocabulary vocabulary, AbortFlag abort, BackendInfo info)
    {
        (_calls, _symbols, _threads, _yielding, _vocabulary, _abort, Info) = (calls, symbols, threads, yielding, vocabulary, abort, info);
        _rows = new LlamaBatchBuffer(info.BatchSize);
        _parts = new BatchParts(info.BatchSize, info.MaxSequences);
        _isCpu = info.Device.StartsWith("CPU", StringComparison.Ordinal);
        _hasLogits = new bool[info.BatchSize];
        _next = new int[info.MaxSequences];
        _nextStamp = new long[info.MaxSequences];
        _stateHeader = new SequenceStateHeader(info.LayoutKey);
    }

    /// <inheritdoc/>
    public BackendInfo Info { get; private set; }

    /// <inheritdoc/>
    public int[] Tokenize(string text, bool addSpecial, bool parseSpecial)
    {
        ArgumentNullException.ThrowIfNull(text);
        ThrowIfDisposed();
        return _vocabulary.Tokenize(text, addSpecial, parseSpecial);
    }

    /// <inheritdoc/>
    public int TokenToPiece(int token, Span<byte> destination)
    {
        var piece = _vocabulary.Piece(token);
        return piece.TryCopyTo(destination) ? piece.Length : -piece.Length;
    }

    /// <inheritdoc/>
    public bool IsEndOfGeneration(int token) => _vocabulary.IsEndOfGeneration(token);

    /// <inheritdoc/>
    public bool IsControl(int token) => _vocabulary.IsControl(token);

    /// <inheritdoc/>
    public DecodeStatus Decode(TokenBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ThrowIfDisposed();
        Check(batch);
        Array.Clear(_hasLogits);
        if (_abort.Lower())
        {
            return DecodeStatus.Aborted;
        }

        _parts.Divide(batch, apart: _isCpu);
        _yielding?.Begin();
        var status = _parts.First.Length > 0 ? Compute(batch, _parts.First) : DecodeStatus.Ok;
        if (status == DecodeStatus.Ok && (status = Compute(batch, _parts.Rest(batch))) == DecodeStatus.NoKvRoom)
        {
            TakeBack(batch, _parts.First);
        }

        _yielding?.End();
        if (status == DecodeStatus.Ok)
        {
            batch.WantsLogits.CopyTo(_hasLogits);
        }

        return status;
    }

    private DecodeStatus Compute(TokenBatch batch, ReadOnlySpan<int> rows)
    {
        // A decode that also turns the keys of a shift must not stop half-way: the cache would be left turned in part.
        _abort.Masked = _shiftPending;
        var status = _calls.Decode(_rows.Fill(batch, rows));
        switch (status)
        {
            case 0:
                _shiftPending = false;
                return DecodeStatus.Ok;
            case 1:
                // The keys were turned before room was looked for.
                _shiftPending = false;
                return DecodeStatus.NoKvRoom;
            case 2:
                _abort.Lower();
                return DecodeStatus.Aborted;
            default:
                throw new BackendException($"llama.cpp could not compute {rows.Length} of a batch of {batch.Count} rows (status {status}): {LlamaLog.LastErrors()}");
        }
    }

    private void TakeBack(TokenBatch batch, ReadOnlySpan<int> rows)
    {
        for (var i = rows.Length - 1; i >= 0; i--)
        {
            _calls.Remove(batch.Sequences[rows[i]], batch.Positions[rows[i]], int.MaxValue);
        }
    }

    /// <inheritdoc/>
    public void RequestAbort() => _abort.Raise();

    /// <inheritdoc/>
    public ReadOnlySpan<float> Logits(int row)
    {
        ThrowIfDisposed();
        if ((uint)row >= (uint)_hasLogits.Length || !_hasLogits[row])
        {
            throw new InvalidOperationException($"Row {row} of the last batch did not ask for logits, or the batch was not computed.");
        }

        var logits = _calls.Logits(_parts.IndexOf(row));
        return logits.Length == Info.VocabularySize ? logits : throw new BackendException($"llama.cpp has no logits of row {row}: {LlamaLog.LastErrors()}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _calls.Dispose();
        _threads?.Dispose();
        _yielding?.Dispose();
    }

    private void Check(TokenBatch batch)
    {
        if (batch.Count == 0 || batch.Count > Info.BatchSize)
        {
            throw new ArgumentException($"The batch has {batch.Count} rows; 1 to {Info.BatchSize} are allowed.", nameof(batch));
        }

        _stamp++;
        var tokens = batch.Tokens;
        var positions = batch.Positions;
        var sequences = batch.Sequences;
        for (var row = 0; row < tokens.Length; row++)
        {
            var sequence = sequences[row];
            CheckSequence(sequence);
            if ((uint)tokens[row] >= (uint)Info.VocabularySize)
            {
                throw new ArgumentOutOfRangeException(nameof(batch), tokens[row], $"Row {row}: tokens are 0 to {Info.VocabularySize - 1}.");
            }

            if (_nextStamp[sequence] != _stamp)
            {
                _nextStamp[sequence] = _stamp;
                _next[sequence] = _calls.LastPosition(sequence) + 1;
            }

            if (positions[row] != _next[sequence]++)
            {
                throw new InvalidOperationException($"Row {row}: position {positions[row]} in sequence {sequence}, whose next position is {_next[sequence] - 1}.");
            }
        }
    }

    /// <summary>llama.cpp takes a sequence id beyond its limit without a word.</summary>
    private void CheckSequence(int sequence)
    {
        if ((uint)sequence >= (uint)Info.MaxSequences)
        {
            throw new ArgumentOutOfRangeException(nameof(sequence), sequence, $"Sequences are 0 to {Info.MaxSequences - 1}.");
        }
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_calls.IsClosed, this);
}
