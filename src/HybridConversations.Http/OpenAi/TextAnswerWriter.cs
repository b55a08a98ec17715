using System.Text;
using HybridConversations.Http.Streaming;

namespace HybridConversations.Http.OpenAi;

/// <summary>The answer of a text completion.</summary>
internal sealed class TextAnswerWriter(AnswerHead head, CompletionRequest request) : OpenAiAnswer(head, request.Replies.Replies.Count)
{
    private readonly StringBuilder[] _texts = [.. request.Replies.Replies.Select(_ => new StringBuilder())];
    private readonly List<TokenLogProb>?[] _logProbs = new List<TokenLogProb>?[request.Replies.Replies.Count];
    private readonly int[] _written = new int[request.Replies.Replies.Count];

    protected override int RepliesPerPrompt => request.PerPrompt;

    public override Task WriteWhole(HttpContext context)
    {
        var choices = _texts.Select((text, reply) => new TextChoice(Prompt(reply) + text, reply, TextLogProbs.Of(_logProbs[reply], 0), Reason(ReasonOf(reply)))).ToList();
        return JsonAnswer.Write(context, Object(choices) with { Usage = ChatUsage.Of(Usage), Timings = ChatTimings.Of(Usage, Timings) }, OpenAiJson.Answers.TextCompletion);
    }

    public override ValueTask WriteUsage(EventStream stream, CancellationToken cancellationToken) => Write(stream, Object([]) with { Usage = ChatUsage.Of(Usage) }, cancellationToken);

    protected override void Gather(int reply, DeviceEvent e)
    {
        if (e is DeviceText text)
        {
            _texts[reply].Append(text.Text);
            if (text.LogProbs is { } tokens)
            {
                (_logProbs[reply] ??= []).AddRange(tokens);
            }
        }
    }

    protected override ValueTask Write(int reply, DeviceEvent e, EventStream stream, CancellationToken cancellationToken)
    {
        var before = _written[reply] == 0 ? Prompt(reply) : "";
        switch (e)
        {
            case DeviceText text:
                var choice = new TextChoice(before + text.Text, reply, TextLogProbs.Of(text.LogProbs, _written[reply]), FinishReason: null);
                _written[reply] += choice.Text.Length;
                return Write(stream, Object([choice]), cancellationToken);
            case DeviceFinished finished:
                return Write(stream, Object([new TextChoice(before, reply, Logprobs: null, Reason(finished.FinishReason))]) with { Timings = ChatTimings.Of(finished.Usage, finished.Timings) }, cancellationToken);
            default:
                return ValueTask.CompletedTask;
        }
    }

    private string Prompt(int reply) => request.Echo ? request.Replies.Replies[reply].RawPrompt ?? "" : "";

    private TextCompletion Object(IReadOnlyList<TextChoice> choices) => new(Head.Id, "text_completion", Head.Created, Head.Model, Head.Fingerprint, choices);

    private static ValueTask Write(EventStream stream, TextCompletion piece, CancellationToken cancellationToken) =>
        stream.Write(null, piece, OpenAiJson.Answers.TextCompletion, cancellationToken);
}
