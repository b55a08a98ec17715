using Orleans.Concurrency;

using Orleans.CodeGeneration;

namespace HybridConversations.Orleans.Contracts;

/// <summary>Forgets conversations that nobody has used for the retention time. One per cluster, woken by a reminder.</summary>
[Alias("hc.retention")]
[Version(1)]
public interface IRetentionGrain : IGrainWithStringKey
{
    /// <summary>Key of the one grain.</summary>
    const string Key = "retention";

    /// <summary>Sets the reminder that wakes it; any silo that starts may call this.</summary>
    [Alias("start")]
    [AlwaysInterleave]
    Task Start();

    /// <summary>Forgets what is due now, for some seconds at most; what is left follows by itself. Returns how many conversations that were.</summary>
    [Alias("sweep")]
    Task<int> Sweep(CancellationToken cancellationToken = default);
}
