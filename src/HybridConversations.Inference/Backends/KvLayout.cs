namespace HybridConversations.Inference.Backends;

/// <summary>How the KV memory is divided between sequences.</summary>
public enum KvLayout
{
    /// <summary>Separate where <see cref="BackendOptions.Context"/> gives each sequence enough cells of its own, else unified.</summary>
    Auto,

    /// <summary>One memory for all: what sequences share lies there once, one may hold all cells, and each pays for everybody's at every step.</summary>
    Unified,

    /// <summary>Each sequence has cells of its own: it attends to nothing else, holds at most its part, and what it shares is copied.</summary>
    Separate,
}
