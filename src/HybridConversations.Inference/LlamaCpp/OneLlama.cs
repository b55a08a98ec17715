using HybridConversations.Inference.Backends;

namespace HybridConversations.Inference.LlamaCpp;

/// <summary>
/// One llama.cpp a process. The libraries of two releases bear the same names inside, so the linker would bind the second's libllama to the first's libggml,
/// and the process would end in the middle of a load.
/// </summary>
internal static class OneLlama
{
    private static readonly Lock Gate = new();
    private static string? _owner;

    /// <summary>Says that <paramref name="backend"/> is about to load its libraries, or has them.</summary>
    /// <exception cref="BackendException">Another backend has loaded its own.</exception>
    public static void Claim(string backend)
    {
        lock (Gate)
        {
            if (_owner is { } owner && owner != backend)
            {
                throw new BackendException($"The backend {backend} cannot be used in this process: {owner} has loaded its llama.cpp already, and a process can hold one. Choose one backend for the whole process.");
            }

            _owner = backend;
        }
    }
}
