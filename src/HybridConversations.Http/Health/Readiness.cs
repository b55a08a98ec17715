namespace HybridConversations.Http.Health;

/// <summary>Whether this server should be sent turns, and why not. Thread-safe.</summary>
public sealed class Readiness
{
    private volatile string? _reason = "The model is being loaded.";

    /// <summary>Why it is not ready; null when it is.</summary>
    public string? Reason => _reason;

    /// <summary>Everything is there.</summary>
    public void Ready() => _reason = null;

    /// <summary>Something is missing, or going away.</summary>
    public void NotReady(string reason) => _reason = reason;
}
