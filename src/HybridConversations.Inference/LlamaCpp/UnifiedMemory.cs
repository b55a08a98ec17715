namespace HybridConversations.Inference.LlamaCpp;

/// <summary>Does the GPU share the host's memory, as on a Jetson? Then a mapped model file would lie in memory twice: once as page cache, once as weights.</summary>
internal static class UnifiedMemory
{
    public static bool IsShared { get; } = File.Exists("/etc/nv_tegra_release") || File.Exists("/sys/module/tegra_fuse/parameters/tegra_chip_id");
}
