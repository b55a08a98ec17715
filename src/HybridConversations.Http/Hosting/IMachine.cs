namespace HybridConversations.Http.Hosting;

/// <summary>What one process hosts: the actors, ready to talk. Disposing lets replies end, stores what is left to store, and frees the model.</summary>
public interface IMachine : IActors, IAsyncDisposable
{
    /// <summary>Completes, with why in a sentence, when it cannot go on and its process should end, to be started anew. Most never do.</summary>
    Task<string> Broken => Never;

    /// <summary>The process is about to end: what does not come back by itself is given up from now on, so that whoever waits for it hears so. Turns go on until it is disposed.</summary>
    void BeginStop()
    {
    }

    /// <summary>Of a machine that has no such reason: never completes.</summary>
    static readonly Task<string> Never = new TaskCompletionSource<string>().Task;
}
