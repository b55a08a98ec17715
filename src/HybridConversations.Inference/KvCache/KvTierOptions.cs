namespace HybridConversations.Inference.KvCache;

/// <summary>Where KV states go when they leave the device's KV memory.</summary>
public sealed record KvTierOptions
{
    /// <summary>Host memory for parked states, bytes; 0 parks nothing.</summary>
    public long ParkedBytes { get; init; } = 1L << 30;

    /// <summary>
    /// Steps of others that an idle state stays resident before it is parked, where there is room for it in host memory; 0: until somebody needs its cells.
    /// </summary>
    public int IdleSteps { get; init; } = 32;

    /// <summary>Folder for snapshots; null keeps none.</summary>
    public string? SnapshotFolder { get; init; }

    /// <summary>Disk for snapshots, bytes; the least recently used conversations go first.</summary>
    public long SnapshotBytes { get; init; } = 4L << 30;

    /// <summary>Milliseconds after a reply before its conversation is saved to disk.</summary>
    public int SnapshotDelayMs { get; init; } = 200;
}
