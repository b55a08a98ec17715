namespace HybridConversations.Http.OpenAi;

/// <summary>What a client asks of <c>/v1/completions</c>.</summary>
/// <param name="Replies">A reply for each prompt, several times where asked for: all of a prompt follow each other.</param>
/// <param name="PerPrompt">Replies of a prompt.</param>
/// <param name="Echo">Each reply begins with its prompt.</param>
internal sealed record CompletionRequest(OpenAiRequest Replies, int PerPrompt, bool Echo);
