namespace HybridConversations.Inference.Backends;

/// <summary>How to load a model. Values are checked by whoever reads the settings; a backend reads back what it got.</summary>
public sealed record BackendOptions
{
    /// <summary>A GGUF file.</summary>
    public required string ModelPath { get; init; }

    /// <summary>KV cells for all conversations together; 0 means the smaller of 8,192 and what the model was trained for times <see cref="MaxSequences"/>.</summary>
    public int Context { get; init; }

    /// <summary>Sequences there are, running and idle, 1 to 256.</summary>
    public int MaxSequences { get; init; } = 64;

    /// <summary>How the KV memory is divided.</summary>
    public KvLayout Layout { get; init; } = KvLayout.Unified;

    /// <summary>
    /// Sequences where each has cells of its own, 1 to 256; 0: <see cref="MaxSequences"/>. Each gets an equal part of <see cref="Context"/>, so there are as many as run at once and one that moves states, not one for
    /// everybody who is silent.
    /// </summary>
    public int Streams { get; init; }

    /// <summary>Rows in one batch.</summary>
    public int BatchSize { get; init; } = 512;

    /// <summary>Rows computed at once inside a batch.</summary>
    public int MicroBatchSize { get; init; } = 256;

    /// <summary>Threads for decoding; 0 means the number of physical processors.</summary>
    public int Threads { get; init; }

    /// <summary>Compute with fewer threads while other programs want the processor. Only where the threads wait for each other by spinning; elsewhere they yield by themselves.</summary>
    public bool YieldCores { get; init; } = true;

    /// <summary>Layers on the GPU; −1 for all.</summary>
    public int GpuLayers { get; init; } = -1;

    /// <summary>Whether attention is computed in blocks that fit the caches.</summary>
    public FlashAttention FlashAttention { get; init; } = FlashAttention.Auto;

    /// <summary>Type of the KV cells.</summary>
    public KvType KvType { get; init; } = KvType.F16;

    /// <summary>Map the file instead of reading it. Null: it is read, so that nobody who writes over it reaches a running model; and in the unified memory of a Jetson a mapped one would lie twice.</summary>
    public bool? MemoryMap { get; init; }

    /// <summary>Lock the weights in memory.</summary>
    public bool MemoryLock { get; init; }

    /// <summary>Memory of the machine that must be left beside weights and KV, for whatever else lives there, bytes; 0 asks nobody.</summary>
    public long ReserveBytes { get; init; }

    /// <summary>What is wrong with these values, one sentence each; empty when nothing is.</summary>
    public IReadOnlyList<string> Errors()
    {
        var errors = new List<string>();
        Check(nameof(Context), Context, 0, 1 << 24);
        Check(nameof(MaxSequences), MaxSequences, 1, 256);
        Check(nameof(Streams), Streams, 0, 256);
        Check(nameof(BatchSize), BatchSize, 1, 1 << 16);
        Check(nameof(MicroBatchSize), MicroBatchSize, 1, 1 << 16);
        Check(nameof(Threads), Threads, 0, 1024);
        Check(nameof(GpuLayers), GpuLayers, -1, 100_000);
        if (string.IsNullOrWhiteSpace(ModelPath))
        {
            errors.Add($"{nameof(ModelPath)} is empty; the path of a GGUF file belongs there.");
        }

        if (KvType == KvType.Q8_0 && FlashAttention == FlashAttention.Off)
        {
            errors.Add($"{nameof(KvType)} is {KvType}, which needs flash attention; set {nameof(FlashAttention)} to {FlashAttention.Auto} or {FlashAttention.On}, or {nameof(KvType)} to {KvType.F16}.");
        }

        return errors;

        void Check(string name, int value, int least, int most)
        {
            if (value < least || value > most)
            {
                errors.Add($"{name} is {value}; {least} to {most} are allowed.");
            }
        }
    }
}

/// <summary>Whether attention is computed in blocks that fit the caches.</summary>
public enum FlashAttention
{
    /// <summary>Where the model and the device can.</summary>
    Auto,

    /// <summary>Never.</summary>
    Off,

    /// <summary>Always; an error where they cannot.</summary>
    On,
}

/// <summary>Type of the KV cells.</summary>
public enum KvType
{
    /// <summary>16 bits.</summary>
    F16,

    /// <summary>8 bits in blocks of 32 with a scale each: half the memory.</summary>
    Q8_0,
}
