namespace HybridConversations.Inference.Backends;

/// <summary>Which backend computes: the one that was named, else the first that can be used here.</summary>
public static class BackendChoice
{
    /// <summary>Environment variable with a native library, or the folder with it, that is used in place of what a backend brings or finds.</summary>
    public const string LibraryVariable = "HC_LLAMA_LIB";

    /// <summary>The name that leaves the choice to the program.</summary>
    public const string Auto = "auto";

    /// <param name="name"><see cref="Auto"/>, or the name of a provider.</param>
    /// <param name="library">A native library that was given by path (<c>HC_LLAMA_LIB</c>), or null or empty: then the choice is among those that understand its release.</param>
    /// <param name="providers">All there are, the preferred one first.</param>
    /// <exception cref="BackendException">None can be used, or the named one is unknown. Says why each cannot.</exception>
    public static IBackendProvider Choose(string name, string? library, IReadOnlyList<IBackendProvider> providers)
    {
        ArgumentNullException.ThrowIfNull(providers);
        if (name != Auto)
        {
            return providers.FirstOrDefault(provider => provider.Name == name)
                ?? throw new BackendException($"There is no backend '{name}'; {Auto}, {string.Join(", ", providers.Select(provider => provider.Name))} are allowed.");
        }

        var given = string.IsNullOrWhiteSpace(library) ? null : library;
        var reasons = new List<string>();
        foreach (var provider in providers)
        {
            if (provider.WhyNot(given) is not { } reason)
            {
                return provider;
            }

            reasons.Add($"{provider.Name}: {reason}");
        }

        throw new BackendException(given is null
            ? $"No backend can be used here. {string.Join(" ", reasons)}"
            : $"No backend understands the library that {LibraryVariable} gives. {string.Join(" ", reasons)} It must be {string.Join(", or ", providers.Select(provider => $"{provider.Release} for --backend {provider.Name}"))}.");
    }
}
