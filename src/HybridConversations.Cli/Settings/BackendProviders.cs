using HybridConversations.Inference.Backends;
using HybridConversations.Inference.LlamaCpp.Direct;
using HybridConversations.Inference.LLamaSharp;

namespace HybridConversations.Cli.Settings;

/// <summary>The backends that this program has, the preferred one first.</summary>
internal static class BackendProviders
{
    private static readonly IBackendProvider[] All = [new LlamaCppProvider(), new LLamaSharpProvider()];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(provider => provider.Name)];

    /// <param name="name">One of <see cref="Names"/>, or <see cref="BackendChoice.Auto"/>.</param>
    /// <exception cref="BackendException">None can be used here.</exception>
    public static IBackendProvider Choose(string name) => BackendChoice.Choose(name, Environment.GetEnvironmentVariable(BackendChoice.LibraryVariable), All);
}
