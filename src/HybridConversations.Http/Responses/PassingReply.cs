using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using HybridConversations.Conversations;
using HybridConversations.Http.Items;

namespace HybridConversations.Http.Responses;

/// <summary>A response that is not stored: a device answers it, and nothing of it is kept but what its connection needs to go on.</summary>
/// <param name="device">Who answers.</param>
/// <param name="request">What is asked.</param>
/// <param name="messages">Everything that was said, its input last.</param>
/// <param name="frame">What the request decides of the response.</param>
internal sealed class PassingReply(IDevice device, ResponseRequest request, IReadOnlyList<ChatMessage> messages, JsonObject frame) : IReplySource
{
    private readonly StringBuilder _spoken = new();
    private readonly List<ToolCall> _calls = [];
    private string? _heard;

    public ResponseId Id { get; } = ResponseId.New();

    public JsonObject Frame => frame;

    /// <summary>All that was said when it has ended.</summary>
    public PassingThread Thread
    {
        get
        {
            var reply = new ChatMessage(ChatMessage.Assistant, _heard ?? _spoken.ToString()) { ToolCalls = [.. _calls] };
            return new PassingThread(Id.ToString(), EarlierMessages.IsBlank(reply) ? messages : [.. messages, reply]);
        }
    }

    public async IAsyncEnumerable<ReplyEvent> Events([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var turn = request.Turn;
        IReadOnlyList<ChatMessage> said = EarlierMessages.Joined(messages);
        if (said.Count == 0 && string.IsNullOrEmpty(turn.Instructions))
        {
            throw new ProblemException(ProblemCodes.InvalidRequest("input: is missing: what shall be answered?"));
        }

        var asked = new DeviceRequest
        {
            Messages = string.IsNullOrEmpty(turn.Instructions) ? said : [new ChatMessage(ChatMessage.System, turn.Instructions), .. said],
            Tools = turn.Tools ?? [],
            ToolChoice = turn.ToolChoice ?? ToolChoice.Auto,
            ParallelToolCalls = turn.ParallelToolCalls,
            Reasoning = turn.Reasoning ?? new ReasoningOptions { Enabled = false },
            Sampling = turn.Sampling,
            Priority = turn.Priority,
            DeadlineMs = turn.DeadlineMs,
            Private = turn.Private,
        };
        var assembly = new CallAssembly();
        await foreach (var e in device.Generate(asked, cancellationToken))
        {
            switch (e)
            {
                case DeviceText { Text.Length: > 0 } text:
                    _spoken.Append(text.Text);
                    yield return new ReplyText(text.Text);
                    break;
                case DeviceReasoning { Text.Length: > 0 } thought:
                    yield return new ReplyReasoning(thought.Text);
                    break;
                case DeviceToolCall call:
                    assembly.Begin(call);
                    break;
                case DeviceToolArguments piece when assembly.Add(piece) is { } whole:
                    _calls.Add(whole);
                    yield return ReplyToolCall.Of(whole);
                    break;
                case DeviceFinished finished:
                    yield return new ReplyCompleted(Id.TurnId, _spoken.ToString(), finished.FinishReason, finished.Usage, finished.Timings);
                    break;
            }
        }
    }

    public Task<bool> Interrupt(string? heard)
    {
        _heard = heard;
        return Task.FromResult(false);
    }
}
