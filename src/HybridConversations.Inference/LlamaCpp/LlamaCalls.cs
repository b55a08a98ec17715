namespace HybridConversations.Inference.LlamaCpp;

/// <summary>
/// A loaded model and its context, call by call: what <see cref="LlamaBackend"/> asks of llama.cpp, whoever binds it. Nothing here checks anything; the rules stand in the backend.
/// Positions are half-open ranges without negative ends, sequences are in range.
/// </summary>
internal abstract unsafe class LlamaCalls : IDisposable
{
    public abstract LlamaModelFacts Model { get; }

    /// <summary>The context as read back after <see cref="MakeContext"/>.</summary>
    public abstract LlamaContextFacts Context { get; }

    public abstract bool IsClosed { get; }

    /// <summary><c>llama_context *</c>, for what is attached to it.</summary>
    public abstract nint ContextPointer { get; }

    /// <summary><c>llama_vocab *</c>; lives as long as the model.</summary>
    public abstract nint Vocabulary { get; }

    /// <summary>Makes the context; false when llama.cpp cannot.</summary>
    public abstract bool MakeContext(LlamaContextPlan plan, AbortFlag abort);

    public abstract bool IsEndOfGeneration(int token);

    public abstract bool IsControl(int token);

    /// <summary>Bytes of a token, minus the bytes it needs when they do not fit.</summary>
    public abstract int Piece(int token, Span<byte> destination);

    /// <summary>Status of <c>llama_decode</c>.</summary>
    public abstract int Decode(LlamaBatch batch);

    /// <summary>Empty where there are none.</summary>
    public abstract ReadOnlySpan<float> Logits(int row);

    public abstract bool Remove(int sequence, int start, int end);

    public abstract void Copy(int source, int target, int start, int end);

    public abstract void Shift(int sequence, int start, int end, int delta);

    public abstract int FirstPosition(int sequence);

    public abstract int LastPosition(int sequence);

    public abstract long StateSize(int sequence);

    public abstract long GetState(int sequence, Span<byte> destination);

    public abstract long SetState(int sequence, ReadOnlySpan<byte> source);

    public abstract void Dispose();
}

/// <summary>What a model says of itself.</summary>
internal sealed record LlamaModelFacts
{
    public required string Description { get; init; }
    public required long Bytes { get; init; }
    public required int TrainedContext { get; init; }
    public required int VocabularySize { get; init; }

    /// <summary><c>llama_vocab_type</c>: 1 SentencePiece, 2 byte pairs.</summary>
    public required int VocabularyType { get; init; }

    /// <summary>Token that is added before every prompt; null for none.</summary>
    public required int? Begin { get; init; }

    /// <summary>Token that is added behind every prompt; null for none.</summary>
    public required int? End { get; init; }
    public required bool HasEncoder { get; init; }
    public required bool HasDecoder { get; init; }
    public required bool IsDiffusion { get; init; }
    public required bool IsRecurrent { get; init; }
    public required bool IsHybrid { get; init; }

    /// <summary>Tokens that layers with a sliding window look back; 0 where there are none.</summary>
    public required int SlidingWindow { get; init; }
}

/// <summary>What a context became.</summary>
internal readonly record struct LlamaContextFacts(int Cells, int MaxSequences, int BatchSize, bool CanShift);
