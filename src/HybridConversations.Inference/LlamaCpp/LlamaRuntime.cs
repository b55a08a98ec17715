using HybridConversations.Inference.Backends;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Inference.LlamaCpp;

/// <summary>The process's one llama.cpp, loaded and checked. Native libraries are never unloaded.</summary>
internal abstract class LlamaRuntime
{
    /// <summary>Implementation, release and commit, e.g. <c>llama.cpp 0.5.0-dev (0ad4a86)</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Full path of libllama.</summary>
    public abstract string Path { get; }

    /// <summary>Where libraries for a GPU lie if there are any.</summary>
    public virtual IEnumerable<string> Folders => [System.IO.Path.GetDirectoryName(Path)!];

    public abstract LlamaSymbols Symbols { get; }

    /// <summary>Was it built with a GPU backend that is in use?</summary>
    public abstract bool CanOffload { get; }

    /// <summary>How to get a GPU to work with this backend, one or two sentences.</summary>
    public abstract string GpuAdvice { get; }

    /// <summary>What to do about a library that does not understand this backend's structs.</summary>
    public abstract string ReleaseAdvice { get; }

    /// <summary>Loads a model; null when llama.cpp cannot (its log says why).</summary>
    public abstract LlamaCalls? LoadModel(BackendOptions options, bool map, CancellationToken cancellationToken);

    /// <summary>Says in the log what was loaded, and whether it is another build than the one that was measured.</summary>
    protected void Report(ILogger logger, LlamaIdentity identity, LlamaRelease release)
    {
        if (identity.Commit != release.MeasuredCommit)
        {
            logger.LogWarning("{Path} is ggml commit {Commit}; this backend was measured with {Measured}. Its release and its structs agree, so it is used", Path, identity.Commit, release.MeasuredCommit);
        }

        logger.LogInformation("{Name} from {Path}, devices: {Devices}", Name, Path, string.Join(", ", Symbols.Devices().Select(device => device.ToString())));
    }

    /// <summary>For who looks without loading a model.</summary>
    public BackendProbe Probe()
    {
        var devices = Symbols.Devices();
        return new BackendProbe(Name, Path, [.. devices.Select(device => device.ToString())], devices.Exists(device => device.IsGpu));
    }
}
