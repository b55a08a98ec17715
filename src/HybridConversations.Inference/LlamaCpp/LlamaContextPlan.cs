using HybridConversations.Inference.Backends;

namespace HybridConversations.Inference.LlamaCpp;

/// <summary>The numbers of a context, worked out from the options.</summary>
internal sealed record LlamaContextPlan
{
    private const int DefaultContext = 8192;
    public const int ContextGranularity = 256;

    /// <summary>Rows with logits that llama.cpp reserves room for; more work too, at the price of a larger buffer from then on.</summary>
    private const int ReservedOutputs = 16;

    public required int Cells { get; init; }
    public required int BatchSize { get; init; }
    public required int MicroBatchSize { get; init; }
    public required int MaxSequences { get; init; }

    /// <summary>Has each sequence cells of its own?</summary>
    public required bool Separate { get; init; }

    /// <summary>llama.cpp ends the process when a batch has more rows with logits than this, or when this is less than one a sequence.</summary>
    public int MaxOutputs => Math.Max(BatchSize, MaxSequences);
    public int MaxOutputsPerSequence => Math.Max(1, (ReservedOutputs + MaxSequences - 1) / MaxSequences);
    public required int Threads { get; init; }

    /// <summary><c>llama_flash_attn_type</c>: −1 as it sees fit, 0 off, 1 on.</summary>
    public required int FlashAttention { get; init; }

    /// <summary><c>ggml_type</c> of keys and values: 1 F16, 8 Q8_0.</summary>
    public required int KvType { get; init; }

    public static LlamaContextPlan Of(BackendOptions options, int trainedContext)
    {
        var separate = StreamPlan.Of(options, trainedContext);
        var wanted = options.Context > 0 ? options.Context : (int)Math.Min(DefaultContext, (long)trainedContext * options.MaxSequences);
        var cells = separate?.Cells ?? (wanted + ContextGranularity - 1) / ContextGranularity * ContextGranularity;
        var batch = Math.Min(options.BatchSize, cells);
        return new LlamaContextPlan
        {
            Cells = cells,
            BatchSize = batch,
            MicroBatchSize = Math.Min(options.MicroBatchSize, batch),
            MaxSequences = separate?.Streams ?? options.MaxSequences,
            Separate = separate is not null,
            Threads = options.Threads > 0 ? options.Threads : PhysicalProcessors.Count(),
            FlashAttention = (options.FlashAttention, options.KvType) switch
            {
                (Backends.FlashAttention.Auto, Backends.KvType.F16) => -1,
                (Backends.FlashAttention.Off, _) => 0,
                _ => 1,
            },
            KvType = options.KvType == Backends.KvType.Q8_0 ? 8 : 1,
        };
    }
}
