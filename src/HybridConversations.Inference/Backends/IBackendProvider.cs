using Microsoft.Extensions.Logging;

namespace HybridConversations.Inference.Backends;

/// <summary>A kind of backend that can be chosen by name.</summary>
public interface IBackendProvider
{
    /// <summary>As in <c>--backend</c>, e.g. <c>llama.cpp</c>.</summary>
    string Name { get; }

    /// <summary>The releases of the native library that it understands, for a person to read.</summary>
    string Release { get; }

    /// <summary>Can it be used here?</summary>
    /// <param name="library">A native library that was given by path; null: whatever the provider brings or finds.</param>
    /// <returns>Null when it can; else why not, one sentence.</returns>
    string? WhyNot(string? library);

    /// <summary>Loads the native library and says what it is.</summary>
    /// <exception cref="BackendException">There is none, or not the right one.</exception>
    BackendProbe Examine();

    /// <summary>Loads a model. Takes seconds to minutes, on a thread of its own.</summary>
    /// <param name="options">What to load and how; checked as a whole.</param>
    /// <param name="logger">Gets what the native library says, for the life of the process.</param>
    /// <param name="cancellationToken">Ends the loading.</param>
    /// <exception cref="BackendException">The options, the library, the hardware or the model file will not do.</exception>
    Task<IModelBackend> Load(BackendOptions options, ILogger logger, CancellationToken cancellationToken = default);
}
