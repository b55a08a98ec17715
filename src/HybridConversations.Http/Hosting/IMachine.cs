namespace HybridConversations.Http.Hosting;

/// <summary>What one process hosts: the actors, ready to talk. Disposing lets replies end, stores what is left to store, and frees the model.</summary>
public interface IMachine : IActors, IAsyncDisposable
{
    /// <summary>Completes, with why in a sentence, when it cannot go on and its process should end, to be started anew. Most never do.</summary>
    Task<string> Broken => Never;

    /// <summary>Of a machine that has no such reason.</summary>
    private static readonly Task<string> Never = new TaskCompletionSource<string>().Task;
}
