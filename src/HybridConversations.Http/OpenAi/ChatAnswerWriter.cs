namespace HybridConversations.Http.OpenAi;

/// <summary>From what a device says to the objects of one answer, whole or in chunks.</summary>
internal sealed class ChatAnswerWriter(string id, long created, string model, string fingerprint)
{
    private bool _begun;

    public ChatCompletion Whole(string text, IReadOnlyList<TokenLogProb>? logProbs, DeviceFinished finished) => new(
        id, "chat.completion", created, model, fingerprint,
        [new ChatChoice(0, new ChatAnswer("assistant", text), ChatLogProbs.Of(logProbs), Reason(finished.FinishReason))],
        ChatUsage.Of(finished.Usage), ChatTimings.Of(finished.Usage, finished.Timings));

    public ChatCompletionChunk Piece(DeviceText piece) =>
        Chunk([new ChatChunkChoice(0, Delta(piece.Text), ChatLogProbs.Of(piece.LogProbs), FinishReason: null)]);

    public ChatCompletionChunk Last(DeviceFinished finished) =>
        Chunk([new ChatChunkChoice(0, _begun ? new ChatDelta() : Delta(""), Logprobs: null, Reason(finished.FinishReason))]) with
        {
            Timings = ChatTimings.Of(finished.Usage, finished.Timings),
        };

    public ChatCompletionChunk Usage(DeviceFinished finished) => Chunk([]) with { Usage = ChatUsage.Of(finished.Usage) };

    private ChatDelta Delta(string text)
    {
        var role = _begun ? null : "assistant";
        _begun = true;
        return new ChatDelta { Role = role, Content = text };
    }

    private ChatCompletionChunk Chunk(IReadOnlyList<ChatChunkChoice> choices) => new(id, "chat.completion.chunk", created, model, fingerprint, choices);

    private static string Reason(FinishReason reason) => reason == FinishReason.Length ? "length" : "stop";
}
