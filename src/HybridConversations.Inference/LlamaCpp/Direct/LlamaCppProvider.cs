using HybridConversations.Inference.Backends;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Inference.LlamaCpp.Direct;

/// <summary>llama.cpp through its C API: the newest release, from npm's prebuilt libraries (tools/native/fetch) or a library by path (<c>HC_LLAMA_LIB</c>).</summary>
public sealed class LlamaCppProvider : IBackendProvider
{
    internal const string BackendName = "llama.cpp";

    /// <inheritdoc/>
    public string Name => BackendName;

    /// <inheritdoc/>
    public string Release => DirectRelease.Value.Name;

    /// <inheritdoc/>
    public string? WhyNot(string? library)
    {
        try
        {
            var path = LlamaLibraryLocator.Find(library, AppContext.BaseDirectory);
            if (library is not null)
            {
                LlamaLibraryFile.Open(path, DirectRelease.Value);
            }

            return null;
        }
        catch (BackendException exception)
        {
            return exception.Message;
        }
    }

    /// <inheritdoc/>
    public BackendProbe Examine() => DirectRuntime.Load(NullLogger.Instance).Probe();

    /// <inheritdoc/>
    public Task<IModelBackend> Load(BackendOptions options, ILogger logger, CancellationToken cancellationToken = default) =>
        LlamaBackend.Load(DirectRuntime.Load, options, logger, cancellationToken);
}
