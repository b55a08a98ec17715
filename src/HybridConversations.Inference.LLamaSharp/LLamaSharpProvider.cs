using HybridConversations.Inference.Backends;
using HybridConversations.Inference.LlamaCpp;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Inference.LLamaSharp;

/// <summary>llama.cpp through LLamaSharp: its library comes from NuGet, so the .NET SDK is all it needs.</summary>
public sealed class LLamaSharpProvider : IBackendProvider
{
    internal const string BackendName = "llamasharp";

    /// <inheritdoc/>
    public string Name => BackendName;

    /// <inheritdoc/>
    public string Release => LLamaSharpRelease.Value.Name;

    /// <inheritdoc/>
    public string? WhyNot(string? library)
    {
        if (library is null)
        {
            return null;
        }

        try
        {
            LlamaLibraryFile.Open(LlamaLibraryLocator.Find(library, AppContext.BaseDirectory), LLamaSharpRelease.Value);
            return null;
        }
        catch (BackendException exception)
        {
            return exception.Message;
        }
    }

    /// <inheritdoc/>
    public BackendProbe Examine() => LLamaSharpRuntime.Load(NullLogger.Instance).Probe();

    /// <inheritdoc/>
    public Task<IModelBackend> Load(BackendOptions options, ILogger logger, CancellationToken cancellationToken = default) =>
        LlamaBackend.Load(LLamaSharpRuntime.Load, options, logger, cancellationToken);
}
