using HybridConversations.Inference.Backends;

namespace HybridConversations.Inference.LlamaCpp;

/// <summary>A GPU that was asked for is used, or the start fails: nobody finds out from slow answers.</summary>
internal static class GpuUse
{
    private static readonly string[] Kinds = ["cuda", "vulkan", "hip", "musa", "sycl", "opencl"];

    /// <summary>Names of the devices that will compute.</summary>
    /// <param name="gpuLayers">As in <see cref="BackendOptions.GpuLayers"/>.</param>
    /// <param name="devices">What ggml found.</param>
    /// <param name="canOffload">Can this llama.cpp put layers on a GPU?</param>
    /// <param name="folders">Where libraries for a GPU would lie: one that does says that a GPU was meant.</param>
    /// <param name="advice">What to do, for this backend.</param>
    /// <exception cref="BackendException">A GPU was asked for, by <paramref name="gpuLayers"/> or by a library built for one, and there is none.</exception>
    public static string Devices(int gpuLayers, IReadOnlyList<LlamaDevice> devices, bool canOffload, IEnumerable<string> folders, string advice)
    {
        var gpus = devices.Where(device => device.IsGpu).ToList();
        if (gpuLayers != 0 && (gpus.Count == 0 || !canOffload))
        {
            var library = folders.Select(GpuLibrary).FirstOrDefault(file => file is not null);
            if (gpuLayers > 0 || library is not null)
            {
                var asked = gpuLayers > 0 ? $"{gpuLayers} layers on the GPU were asked for (GpuLayers)" : $"{library} was built for a GPU";
                throw new BackendException($"{asked}, but llama.cpp found no GPU: only {string.Join(", ", devices)}. {advice} "
                    + "Check that the driver is there (nvidia-smi, on a Jetson /dev/nvhost-gpu), or set GpuLayers to 0 for the CPU"
                    + (library is null ? " or −1 for whatever there is." : "."));
            }
        }

        return string.Join(", ", gpuLayers == 0 || gpus.Count == 0 ? devices.Where(device => !device.IsGpu) : gpus);
    }

    /// <summary>The library of ggml's for a GPU that lies in a folder; null for none.</summary>
    internal static string? GpuLibrary(string folder) => !Directory.Exists(folder) ? null : Directory.EnumerateFiles(folder)
        .Where(file => Path.GetFileName(file) is var name && Kinds.Any(kind => name.Contains($"ggml-{kind}", StringComparison.Ordinal))).Order(StringComparer.Ordinal).FirstOrDefault();
}
