using HybridConversations.Inference.Templates;

namespace HybridConversations.Inference.Backends;

/// <summary>
/// A model with its KV memory: the port between the engine and whatever computes.
/// <see cref="Tokenize"/>, <see cref="TokenToPiece"/> and <see cref="IsEndOfGeneration"/> may be called from any thread;
/// everything else but <see cref="RequestAbort"/> belongs to the engine's thread. Every implementation passes <c>ModelBackendContract</c> in the tests.
/// </summary>
public interface IModelBackend : IDisposable
{
    /// <summary>What was loaded, as read back after loading.</summary>
    BackendInfo Info { get; }

    /// <summary>Tokens of <paramref name="text"/>.</summary>
    /// <param name="text">Any text; how long it may be is its caller's business, since a context has room for tokens and not for characters.</param>
    /// <param name="addSpecial">Add what the model wants at the start of a prompt (BOS).</param>
    /// <param name="parseSpecial">Read control tokens such as <c>&lt;|im_start|&gt;</c> as what they are instead of as text.</param>
    int[] Tokenize(string text, bool addSpecial, bool parseSpecial);

    /// <summary>Writes the UTF-8 bytes of a token (control tokens too) and returns their number, or minus the number needed when <paramref name="destination"/> is too small.</summary>
    int TokenToPiece(int token, Span<byte> destination);

    /// <summary>True for tokens that end the model's turn.</summary>
    bool IsEndOfGeneration(int token);

    /// <summary>True for control tokens (never sampled as text, never to be smuggled in by a person's words).</summary>
    bool IsControl(int token);

    /// <summary>Computes a batch; logits of the rows that asked for them are valid until the next call.</summary>
    /// <exception cref="ArgumentException">More rows than <see cref="BackendInfo.BatchSize"/>, or a token or sequence out of range. Nothing was changed.</exception>
    /// <exception cref="InvalidOperationException">A position is not the next one of its sequence. Nothing was changed.</exception>
    DecodeStatus Decode(TokenBatch batch);

    /// <summary>
    /// From any thread: the decode that runs, or else the next one, ends as <see cref="DecodeStatus.Aborted"/> as soon as it can; a decode that already
    /// had its last operation when the request came still ends well, and the one after it aborts. On a GPU a decode that began runs to its end.
    /// </summary>
    void RequestAbort();

    /// <summary>Logits of row <paramref name="row"/> of the last batch (which must have asked for them); length <see cref="BackendInfo.VocabularySize"/>.</summary>
    ReadOnlySpan<float> Logits(int row);

    /// <summary>
    /// Removes positions [from, to) of a sequence; −1 stands for start and end. A sequence with a running state (<see cref="BackendInfo.HasRunningState"/>) can lose its end only,
    /// and loses its running state with it. False when the model cannot.
    /// </summary>
    bool RemoveRange(int sequence, int from, int to);

    /// <summary>
    /// Lets <paramref name="target"/> share positions [from, to) of <paramref name="source"/>; −1 stands for start and end. A running state is not shared: the target has none then.
    /// </summary>
    /// <exception cref="InvalidOperationException"><paramref name="target"/> already holds one of these positions.</exception>
    void CopyRange(int source, int target, int from, int to);

    /// <summary>
    /// Moves positions [from, to) by <paramref name="delta"/>. False, and nothing was changed, when the model cannot (<see cref="BackendInfo.CanShift"/>)
    /// or when a cell of the range is shared with another sequence, which would move too.
    /// </summary>
    bool ShiftRange(int sequence, int from, int to, int delta);

    /// <summary>Highest position held by a sequence; −1 when it is empty, or has lost its running state.</summary>
    int MaxPosition(int sequence);

    /// <summary>Bytes that <see cref="SaveSequence"/> needs now.</summary>
    long SequenceStateSize(int sequence);

    /// <summary>Writes a sequence's KV state and returns its length in bytes.</summary>
    long SaveSequence(int sequence, Span<byte> destination);

    /// <summary>
    /// Restores a state saved from any sequence of the same layout into an empty sequence. False (and the sequence is empty) when it is refused or does
    /// not fit. The bytes must be those that were saved: the caller guards them with a checksum, a backend need not notice a flipped bit.
    /// </summary>
    /// <exception cref="InvalidOperationException">The sequence is not empty.</exception>
    bool RestoreSequence(int sequence, ReadOnlySpan<byte> source);

    /// <summary>Bytes that <see cref="SaveCheckpoint"/> needs now; 0 where the model has no running state.</summary>
    long CheckpointSize(int sequence);

    /// <summary>Writes the running state of a sequence, without its cells, and returns its length in bytes.</summary>
    long SaveCheckpoint(int sequence, Span<byte> destination);

    /// <summary>
    /// Gives a sequence the running state that was saved from one with the same cells as it has now. False (and it has none) when it is refused. As with
    /// <see cref="RestoreSequence"/> the caller guards the bytes, and that the cells are those.
    /// </summary>
    bool RestoreCheckpoint(int sequence, ReadOnlySpan<byte> source);
}

/// <summary>Outcome of <see cref="IModelBackend.Decode"/>.</summary>
public enum DecodeStatus
{
    /// <summary>All rows were computed.</summary>
    Ok,

    /// <summary>No room in the KV memory; nothing was changed.</summary>
    NoKvRoom,

    /// <summary>Stopped by the abort callback; whole micro-batches may have been computed: reconcile by <see cref="IModelBackend.MaxPosition"/>.</summary>
    Aborted,
}

/// <summary>What a backend is, fixed after loading.</summary>
public sealed record BackendInfo
{
    /// <summary>Short name of the implementation and its release, e.g. <c>llama.cpp 0.5.0-dev (0ad4a86)</c>.</summary>
    public required string Backend { get; init; }

    /// <summary>What it computes on, e.g. <c>CPU (AMD EPYC)</c> or <c>CUDA0 (Orin)</c>.</summary>
    public string Device { get; init; } = "";

    /// <summary>SHA-256 of the model file, lower-case hex.</summary>
    public required string ModelHash { get; init; }

    /// <summary>As its file tells.</summary>
    public required string ModelName { get; init; }

    /// <summary>Architecture, size and type, as the library tells.</summary>
    public required string Description { get; init; }

    /// <summary>Bytes of its tensors.</summary>
    public required long ModelBytes { get; init; }

    /// <summary>Tokens that it knows.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Tokens of the longest text that it was trained on.</summary>
    public required int TrainedContext { get; init; }

    /// <summary>KV cells: tokens that all sequences together can hold.</summary>
    public required int Cells { get; init; }

    /// <summary>Sequence ids are 0 … MaxSequences − 1.</summary>
    public required int MaxSequences { get; init; }

    /// <summary>Rows in one batch at most.</summary>
    public required int BatchSize { get; init; }

    /// <summary>Rows of a batch that are computed at once.</summary>
    public int MicroBatchSize { get; init; } = 1;

    /// <summary>Does the tokenizer put a space before each text (SentencePiece, as of Llama 2)? A text that goes on must then not be tokenised alone.</summary>
    public bool AddsSpacePrefix { get; init; }

    /// <summary>Bytes of KV memory per token.</summary>
    public required int KvBytesPerToken { get; init; }

    /// <summary>May positions be moved (<see cref="IModelBackend.ShiftRange"/>)?</summary>
    public required bool CanShift { get; init; }

    /// <summary>
    /// Has it layers that remember by a state which each token changes (recurrent and hybrid models)? That state is there for the last position of a sequence only: the sequence goes
    /// back, is shared or comes back from a lower tier only where a checkpoint was taken.
    /// </summary>
    public bool HasRunningState { get; init; }

    /// <summary>Bytes of a checkpoint of its running state; 0 where it has none.</summary>
    public long CheckpointBytes { get; init; }

    /// <summary>Tokens that some of its layers look back at most; 0 where all look at everything.</summary>
    public int SlidingWindow { get; init; }

    /// <summary>Equal when saved states can be exchanged: backend release, model hash, KV types, unified layout, flash attention.</summary>
    public required string LayoutKey { get; init; }

    /// <summary>How the model wants its conversations written.</summary>
    public ChatTemplate Template { get; init; } = ChatTemplate.ChatMl;
}
