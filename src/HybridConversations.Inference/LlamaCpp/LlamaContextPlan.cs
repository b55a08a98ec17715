using HybridConversations.Inference.Backends;

namespace HybridConversations.Inference.LlamaCpp;

/// <summary>The numbers of a context, worked out from the options.</summary>
internal sealed record LlamaContextPlan
{
    private const int DefaultContext = 8192;
    private const int ContextGranularity = 256;

    /// <summary>Rows with logits that llama.cpp reserves room for; more work too, at the price of a larger buffer from then on.</summary>
    private const int ReservedOutputs = 16;

    public required int Cells { get; init; }
    public required int BatchSize { get; init; }
    public required int MicroBatchSize { get; init; }
    public required int MaxSequences { get; init; }

    /// <summary>Sequences that llama.cpp has to have: where layers look through a sliding window, each has a second one that holds its cells, too (<see cref="WindowKeeper"/>).</summary>
    public required int SequencesMade { get; init; }

    /// <summary>llama.cpp ends the process when a batch has more rows with logits than this, or when this is less than one a sequence.</summary>
    public int MaxOutputs => Math.Max(BatchSize, SequencesMade);
    public int MaxOutputsPerSequence => Math.Max(1, (ReservedOutputs + SequencesMade - 1) / SequencesMade);
    public required int Threads { get; init; }

    /// <summary><c>llama_flash_attn_type</c>: −1 as it sees fit, 0 off, 1 on.</summary>
    public required int FlashAttention { get; init; }

    /// <summary><c>ggml_type</c> of keys and values: 1 F16, 8 Q8_0.</summary>
    public required int KvType { get; init; }

    public static LlamaContextPlan Of(BackendOptions options, int trainedContext, int slidingWindow = 0)
    {
        var wanted = options.Context > 0 ? options.Context : (int)Math.Min(DefaultContext, (long)trainedContext * options.MaxSequences);
        var cells = (wanted + ContextGranularity - 1) / ContextGranularity * ContextGranularity;

        // With a sliding window a batch is computed at once: between two parts of one llama.cpp would take cells from the first that nobody keeps yet.
        var batch = Math.Min(slidingWindow > 0 ? options.MicroBatchSize : options.BatchSize, cells);
        return new LlamaContextPlan
        {
            Cells = cells,
            BatchSize = batch,
            MicroBatchSize = Math.Min(options.MicroBatchSize, batch),
            MaxSequences = options.MaxSequences,
            SequencesMade = options.MaxSequences * (slidingWindow > 0 ? 2 : 1),
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
