namespace HybridConversations.Http.Hosting;

/// <summary>What one process hosts: the actors, ready to talk. Disposing lets replies end, stores what is left to store, and frees the model.</summary>
public interface IMachine : IActors, IAsyncDisposable;
