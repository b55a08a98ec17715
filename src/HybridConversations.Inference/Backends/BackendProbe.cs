namespace HybridConversations.Inference.Backends;

/// <summary>What a backend is here, without loading a model.</summary>
/// <param name="Name">Implementation, release and commit.</param>
/// <param name="Path">Of its native library.</param>
/// <param name="Devices">What it can compute on.</param>
/// <param name="HasGpu">Is one of them a GPU?</param>
public sealed record BackendProbe(string Name, string Path, IReadOnlyList<string> Devices, bool HasGpu);
