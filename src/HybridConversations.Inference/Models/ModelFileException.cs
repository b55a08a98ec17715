using HybridConversations.Inference.Backends;

namespace HybridConversations.Inference.Models;

/// <summary>A model file that is missing, damaged, no GGUF, or not a model that this engine can run.</summary>
public sealed class ModelFileException(string path, string reason, Exception? inner = null) : BackendException($"{path}: {reason}", inner)
{
    /// <summary>The file that is wrong.</summary>
    public string Path { get; } = path;

    /// <summary>What is wrong with it, without the path.</summary>
    public string Reason { get; } = reason;
}
