using HybridConversations.Inference.Backends;
using HybridConversations.Inference.LlamaCpp;
using HybridConversations.Inference.LLamaSharp;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Inference.Tests.Backends;

/// <summary>The backend that the shared tests run on in this process: LLamaSharp's.</summary>
internal static class RealBackend
{
    public const string Name = "LLamaSharp 0.30.0 (ggml 0.18.0 815a2a591)";

    /// <summary>Why these tests cannot run here: a library of the other backend's release was given. Null when they can.</summary>
    public static string? Unavailable { get; } = new LLamaSharpProvider().WhyNot(Environment.GetEnvironmentVariable(LlamaLibraryLocator.Variable) is { Length: > 0 } given ? given : null);

    public static IBackendProvider Provider { get; } = new LLamaSharpProvider();

    public static async Task<LlamaBackend> Load(BackendOptions options, ILogger? logger = null, CancellationToken cancellationToken = default)
    {
        Skip.If(Unavailable is not null, Unavailable);
        return (LlamaBackend)await Provider.Load(options, logger ?? NullLogger.Instance, cancellationToken);
    }
}
