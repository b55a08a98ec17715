namespace HybridConversations.Http.OpenAi;

/// <summary>From what a device says to the objects of one answer, whole or in chunks.</summary>
internal sealed class ChatAnswerWriter(string id, long created, string model, string fingerprint)
{
    private bool _begun;

    public ChatCompletion Whole(ChatAnswerParts parts, DeviceFinished finished) => new(
        id, "chat.completion", created, model, fingerprint,
        [new ChatChoice(0, parts.Answer(), ChatLogProbs.Of(parts.LogProbs), Reason(finished.FinishReason))],
        ChatUsage.Of(finished.Usage), ChatTimings.Of(finished.Usage, finished.Timings));

    /// <summary>Null for what no client waits for.</summary>
    public ChatCompletionChunk? Piece(DeviceEvent piece) => piece switch
    {
        DeviceText text => Chunk([new ChatChunkChoice(0, Delta() with { Content = text.Text }, ChatLogProbs.Of(text.LogProbs), FinishReason: null)]),
        DeviceReasoning thought => Chunk(Delta() with { ReasoningContent = thought.Text }),
        DeviceToolCall call => Chunk(Delta() with { ToolCalls = [new ChatCall(new ChatCallFunction("") { Name = call.Name }) { Index = call.Index, Id = call.CallId, Type = "function" }] }),
        DeviceToolArguments { Text.Length: > 0 } arguments => Chunk(Delta() with { ToolCalls = [new ChatCall(new ChatCallFunction(arguments.Text)) { Index = arguments.Index }] }),
        _ => null,
    };

    public ChatCompletionChunk Last(DeviceFinished finished) =>
        Chunk([new ChatChunkChoice(0, _begun ? new ChatDelta() : Delta() with { Content = "" }, Logprobs: null, Reason(finished.FinishReason))]) with
        {
            Timings = ChatTimings.Of(finished.Usage, finished.Timings),
        };

    public ChatCompletionChunk Usage(DeviceFinished finished) => Chunk([]) with { Usage = ChatUsage.Of(finished.Usage) };

    private ChatDelta Delta()
    {
        var role = _begun ? null : "assistant";
        _begun = true;
        return new ChatDelta { Role = role };
    }

    private ChatCompletionChunk Chunk(ChatDelta delta) => Chunk([new ChatChunkChoice(0, delta, Logprobs: null, FinishReason: null)]);

    private ChatCompletionChunk Chunk(IReadOnlyList<ChatChunkChoice> choices) => new(id, "chat.completion.chunk", created, model, fingerprint, choices);

    private static string Reason(FinishReason reason) => reason switch
    {
        FinishReason.Length => "length",
        FinishReason.ToolCalls => "tool_calls",
        _ => "stop",
    };
}
