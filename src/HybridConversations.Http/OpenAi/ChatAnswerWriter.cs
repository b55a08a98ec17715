using HybridConversations.Http.Streaming;

namespace HybridConversations.Http.OpenAi;

/// <summary>The answer of a chat completion.</summary>
internal sealed class ChatAnswerWriter(AnswerHead head, int replies) : OpenAiAnswer(head, replies)
{
    private readonly ChatAnswerParts[] _parts = [.. Enumerable.Range(0, replies).Select(_ => new ChatAnswerParts())];
    private readonly bool[] _begun = new bool[replies];

    public override Task WriteWhole(HttpContext context)
    {
        var choices = _parts.Select((parts, reply) => new ChatChoice(reply, parts.Answer(), ChatLogProbs.Of(parts.LogProbs), Reason(ReasonOf(reply)))).ToList();
        var whole = new ChatCompletion(Head.Id, "chat.completion", Head.Created, Head.Model, Head.Fingerprint, choices, ChatUsage.Of(Usage), ChatTimings.Of(Usage, Timings));
        return JsonAnswer.Write(context, whole, OpenAiJson.Answers.ChatCompletion);
    }

    public override ValueTask WriteUsage(EventStream stream, CancellationToken cancellationToken) =>
        Write(stream, Chunk([]) with { Usage = ChatUsage.Of(Usage) }, cancellationToken);

    protected override void Gather(int reply, DeviceEvent e) => _parts[reply].Add(e);

    protected override ValueTask Write(int reply, DeviceEvent e, EventStream stream, CancellationToken cancellationToken) =>
        Piece(reply, e) is { } chunk ? Write(stream, chunk, cancellationToken) : ValueTask.CompletedTask;

    /// <summary>Null for what no client waits for.</summary>
    private ChatCompletionChunk? Piece(int reply, DeviceEvent piece) => piece switch
    {
        DeviceText text => Chunk([new ChatChunkChoice(reply, Delta(reply) with { Content = text.Text }, ChatLogProbs.Of(text.LogProbs), FinishReason: null)]),
        DeviceReasoning thought => Chunk(reply, Delta(reply) with { ReasoningContent = thought.Text }),
        DeviceToolCall call => Chunk(reply, Delta(reply) with { ToolCalls = [new ChatCall(new ChatCallFunction("") { Name = call.Name }) { Index = call.Index, Id = call.CallId, Type = "function" }] }),
        DeviceToolArguments { Text.Length: > 0 } arguments => Chunk(reply, Delta(reply) with { ToolCalls = [new ChatCall(new ChatCallFunction(arguments.Text)) { Index = arguments.Index }] }),
        DeviceFinished finished => Chunk([new ChatChunkChoice(reply, _begun[reply] ? new ChatDelta() : Delta(reply) with { Content = "" }, Logprobs: null, Reason(finished.FinishReason))]) with
        {
            Timings = ChatTimings.Of(finished.Usage, finished.Timings),
        },
        _ => null,
    };

    private ChatDelta Delta(int reply)
    {
        var role = _begun[reply] ? null : "assistant";
        _begun[reply] = true;
        return new ChatDelta { Role = role };
    }

    private ChatCompletionChunk Chunk(int reply, ChatDelta delta) => Chunk([new ChatChunkChoice(reply, delta, Logprobs: null, FinishReason: null)]);

    private ChatCompletionChunk Chunk(IReadOnlyList<ChatChunkChoice> choices) => new(Head.Id, "chat.completion.chunk", Head.Created, Head.Model, Head.Fingerprint, choices);

    private static ValueTask Write(EventStream stream, ChatCompletionChunk chunk, CancellationToken cancellationToken) =>
        stream.Write(null, chunk, OpenAiJson.Answers.ChatCompletionChunk, cancellationToken);
}
