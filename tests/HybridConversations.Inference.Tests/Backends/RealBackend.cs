using HybridConversations.Inference.Backends;
using HybridConversations.Inference.LlamaCpp;
using HybridConversations.Inference.LlamaCpp.Direct;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Inference.Tests.Backends;

/// <summary>
/// The backend that tests with a real model run on: in this project the direct binding. The same tests are compiled a second time into the project of
/// LLamaSharp's backend, which has a class of this name of its own: a process can hold one llama.cpp.
/// </summary>
internal static class RealBackend
{
    public const string Name = "llama.cpp 0.5.0-dev (0ad4a86)";

    /// <summary>Why these tests cannot run here; null when they can.</summary>
    public static string? Unavailable { get; } = new LlamaCppProvider().WhyNot(Environment.GetEnvironmentVariable(LlamaLibraryLocator.Variable));

    public static IBackendProvider Provider { get; } = new LlamaCppProvider();

    /// <summary>Loads, or skips the test where the libraries are not there (they come with npm, which need not be).</summary>
    public static async Task<LlamaBackend> Load(BackendOptions options, ILogger? logger = null, CancellationToken cancellationToken = default)
    {
        Skip.If(Unavailable is not null, Unavailable);
        return (LlamaBackend)await Provider.Load(options, logger ?? NullLogger.Instance, cancellationToken);
    }
}
