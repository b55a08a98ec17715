using System.Collections.Concurrent;

namespace HybridConversations.Orleans.Escalations;

/// <summary>The cloud endpoints that this silo can reach, by name, made when they are first needed.</summary>
/// <param name="factories">How to make each.</param>
internal sealed class CloudEndpoints(IReadOnlyDictionary<string, Func<IEscalation>> factories)
{
    private readonly ConcurrentDictionary<string, Lazy<IEscalation>> _made = new(StringComparer.Ordinal);

    public IReadOnlyList<string> Names { get; } = [.. factories.Keys.Order(StringComparer.Ordinal)];

    /// <exception cref="ProblemException"><c>cloud-failed</c>: this silo does not know it.</exception>
    public IEscalation Get(string name) => factories.TryGetValue(name, out var make)
        ? _made.GetOrAdd(name, _ => new Lazy<IEscalation>(make)).Value
        : throw new ProblemException(new Problem(
            ProblemCodes.CloudFailed, 502, "The cloud could not answer.", $"No silo of the fleet has the cloud endpoint '{name}' in its settings."));
}
