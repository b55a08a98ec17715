using System.Text;

namespace HybridConversations.Http.OpenAi;

/// <summary>Gathers the parts of an answer that is sent whole.</summary>
internal sealed class ChatAnswerParts
{
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _thought = new();
    private readonly List<(DeviceToolCall Call, StringBuilder Arguments)> _calls = [];
    private List<TokenLogProb>? _logProbs;

    public IReadOnlyList<TokenLogProb>? LogProbs => _logProbs;

    public void Add(DeviceEvent piece)
    {
        switch (piece)
        {
            case DeviceText text:
                _text.Append(text.Text);
                if (text.LogProbs is { } tokens)
                {
                    (_logProbs ??= []).AddRange(tokens);
                }

                break;
            case DeviceReasoning thought:
                _thought.Append(thought.Text);
                break;
            case DeviceToolCall call:
                _calls.Add((call, new StringBuilder()));
                break;
            case DeviceToolArguments arguments:
                _calls.Find(call => call.Call.Index == arguments.Index).Arguments?.Append(arguments.Text);
                break;
        }
    }

    public ChatAnswer Answer() => new("assistant", _text.Length == 0 && _calls.Count > 0 ? null : _text.ToString())
    {
        ReasoningContent = _thought.Length > 0 ? _thought.ToString() : null,
        ToolCalls = _calls.Count == 0 ? null
            : [.. _calls.Select(call => new ChatCall(new ChatCallFunction(call.Arguments.ToString()) { Name = call.Call.Name }) { Id = call.Call.CallId, Type = "function" })],
    };
}
