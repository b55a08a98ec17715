namespace HybridConversations.Http.Problems;

/// <summary>An error as Ollama's clients read it.</summary>
/// <param name="Error">What happened and what to do.</param>
internal sealed record OllamaError(string Error);
