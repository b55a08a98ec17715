using System.Text;
using System.Text.Json;

namespace HybridConversations.Http.Ollama;

/// <summary>From what a device says to the objects of one answer: lines while it speaks, or one whole.</summary>
internal sealed class OllamaAnswer(string model, TimeProvider time, bool chat)
{
    private const double NanosecondsPerMillisecond = 1e6;
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _thought = new();
    private readonly StringBuilder _arguments = new();
    private readonly List<OllamaCall> _calls = [];
    private DeviceToolCall? _call;

    /// <summary>The line that an event becomes; null for none yet: a call is told whole.</summary>
    public OllamaReply? Next(DeviceEvent e)
    {
        switch (e)
        {
            case DeviceText piece:
                _text.Append(piece.Text);
                return Line(piece.Text, thought: null, calls: null);
            case DeviceReasoning piece:
                _thought.Append(piece.Text);
                return Line("", piece.Text, calls: null);
            case DeviceToolCall call:
                _call = call;
                _arguments.Clear();
                return null;
            case DeviceToolArguments piece when _call is { } call:
                _arguments.Append(piece.Text);
                return piece.IsEnd ? Call(call) : null;
            default:
                return null;
        }
    }

    public OllamaReply Last(DeviceFinished finished) => Ended(Line("", thought: null, calls: null), finished);

    public OllamaReply Whole(DeviceFinished finished) =>
        Ended(Line(_text.ToString(), _thought.Length == 0 ? null : _thought.ToString(), _calls.Count == 0 ? null : _calls), finished);

    /// <summary>The answer to somebody who says nothing.</summary>
    public OllamaReply Nothing(string reason) => Line("", thought: null, calls: null) with { Done = true, DoneReason = reason };

    private OllamaReply Call(DeviceToolCall call)
    {
        using var arguments = JsonDocument.Parse(_arguments.Length == 0 ? "{}" : _arguments.ToString());
        _calls.Add(new OllamaCall(call.CallId, new OllamaFunction(call.Index, call.Name, arguments.RootElement.Clone())));
        return Line("", thought: null, [_calls[^1]]);
    }

    private OllamaReply Line(string text, string? thought, IReadOnlyList<OllamaCall>? calls)
    {
        var line = new OllamaReply(model, time.GetUtcNow());
        return chat
            ? line with { Message = new OllamaMessage(ChatMessage.Assistant, text, thought, calls) }
            : line with { Response = text, Thinking = thought };
    }

    private static OllamaReply Ended(OllamaReply line, DeviceFinished finished) => line with
    {
        Done = true,
        DoneReason = finished.FinishReason == FinishReason.Length ? "length" : "stop",
        TotalDuration = Nanoseconds(finished.Timings.TotalMs),
        LoadDuration = 0,
        PromptEvalCount = finished.Usage.PromptTokens,
        PromptEvalDuration = Nanoseconds(finished.Timings.FirstTokenMs),
        EvalCount = finished.Usage.CompletionTokens,
        EvalDuration = Nanoseconds(finished.Timings.TotalMs - finished.Timings.FirstTokenMs),
    };

    private static long Nanoseconds(double milliseconds) => (long)(Math.Max(0, milliseconds) * NanosecondsPerMillisecond);
}
