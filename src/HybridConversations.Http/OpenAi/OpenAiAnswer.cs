using HybridConversations.Http.Streaming;

namespace HybridConversations.Http.OpenAi;

/// <summary>From what a device says to the objects of one answer: written piece by piece, or gathered and written whole.</summary>
internal abstract class OpenAiAnswer(AnswerHead head, int replies)
{
    private readonly DeviceFinished?[] _finished = new DeviceFinished?[replies];

    protected AnswerHead Head { get; } = head;

    protected int Replies => _finished.Length;

    /// <summary>All replies have ended.</summary>
    public bool IsWhole => Array.TrueForAll(_finished, finished => finished is not null);

    protected TurnTimings Timings => _finished.MaxBy(finished => finished!.Timings.TotalMs)!.Timings;

    /// <summary>The tokens of all replies; a prompt that several replies answer counts once.</summary>
    protected TokenUsage Usage
    {
        get
        {
            var prompts = _finished.Where((_, index) => index % RepliesPerPrompt == 0).Select(finished => finished!.Usage).ToList();
            return prompts[0] with
            {
                PromptTokens = prompts.Sum(usage => usage.PromptTokens),
                ReusedTokens = prompts.Sum(usage => usage.ReusedTokens),
                ReadTokens = prompts.Sum(usage => usage.ReadTokens),
                CompletionTokens = _finished.Sum(finished => finished!.Usage.CompletionTokens),
                ReasoningTokens = _finished.Sum(finished => finished!.Usage.ReasoningTokens),
            };
        }
    }

    /// <summary>Replies of the same prompt follow each other.</summary>
    protected virtual int RepliesPerPrompt => Replies;

    /// <summary>Takes an event, and writes what a client waits for to the stream; null for an answer that is sent whole.</summary>
    public async ValueTask Take(int reply, DeviceEvent e, EventStream? stream, CancellationToken cancellationToken)
    {
        if (e is DeviceFinished finished)
        {
            _finished[reply] = finished;
        }

        if (stream is null)
        {
            Gather(reply, e);
        }
        else
        {
            await Write(reply, e, stream, cancellationToken);
        }
    }

    public abstract Task WriteWhole(HttpContext context);

    public abstract ValueTask WriteUsage(EventStream stream, CancellationToken cancellationToken);

    protected abstract void Gather(int reply, DeviceEvent e);

    protected abstract ValueTask Write(int reply, DeviceEvent e, EventStream stream, CancellationToken cancellationToken);

    protected FinishReason ReasonOf(int reply) => _finished[reply]!.FinishReason;

    protected static string Reason(FinishReason reason) => reason switch
    {
        FinishReason.Length => "length",
        FinishReason.ToolCalls => "tool_calls",
        _ => "stop",
    };
}
