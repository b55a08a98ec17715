namespace HybridConversations.Inference.Engine;

/// <summary>Something to do on the engine's thread.</summary>
/// <param name="Run">Does it.</param>
/// <param name="Refuse">Called instead, on any thread, when the engine has stopped.</param>
internal sealed record EngineCommand(Action<EngineCore> Run, Action Refuse);
