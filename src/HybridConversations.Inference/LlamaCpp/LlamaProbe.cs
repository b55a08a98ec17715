using HybridConversations.Inference.Backends;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Inference.LlamaCpp;

/// <summary>What llama.cpp is here, without loading a model.</summary>
/// <param name="Name">Release and commit.</param>
/// <param name="Path">Of the library.</param>
/// <param name="Devices">What it can compute on.</param>
/// <param name="HasGpu">Is one of them a GPU?</param>
public sealed record LlamaProbe(string Name, string Path, IReadOnlyList<string> Devices, bool HasGpu)
{
    /// <exception cref="BackendException">There is no library, or not the release that this build knows.</exception>
    public static LlamaProbe Examine()
    {
        var library = LlamaLibrary.Load(NullLogger.Instance);
        var devices = LlamaDevice.All();
        return new LlamaProbe(library.Name, library.Path, [.. devices.Select(d => d.ToString())], devices.Exists(d => d.IsGpu));
    }
}
