namespace HybridConversations.Conversations;

/// <summary>
/// A conversation as a model reads it. Every call has a result right behind it: its own where the next turn brought it, else a word that it has not come. One that came
/// later stands where it came, behind its call told once more, so that nothing of a prompt's beginning changes and nothing in it stands without its other half.
/// </summary>
internal sealed class PromptMessages
{
    /// <summary>Stands where the cloud is not shown a reply.</summary>
    private const string Withheld = "(This was answered on the device, and the answer is private.)";

    /// <summary>Stands for the result of a call that has not come.</summary>
    public const string Awaited = "(The result has not come yet.)";

    private readonly List<ChatMessage> _messages = [];

    // For each message but the system's: the turn that has been shown whole with it, 0 in the middle of a turn.
    private readonly List<long> _wholeTurn = [];

    // What was said and not answered.
    private string? _unanswered;

    // Calls at the end of what is there.
    private IReadOnlyList<ToolCall> _open = [];

    private bool _begun;

    /// <summary>Oldest first: the system message if there is one, then user and assistant in turn, a user message or results of calls last.</summary>
    public IReadOnlyList<ChatMessage> Messages => _messages;

    /// <summary>The conversation as the cloud may see it: without private turns, and without replies, calls and thoughts that may quote them.</summary>
    public static PromptMessages ForCloud(string? system, IEnumerable<WindowTurn> turns, string text, IReadOnlyList<ToolResult> results, IReadOnlyList<ChatMessage>? earlier = null) =>
        Of(system, turns.Where(turn => !turn.Private).Select(Open), text, results, earlier);

    /// <param name="system">System prompt; null or empty for none.</param>
    /// <param name="turns">Earlier turns. One whose reply nobody heard is joined to what was said next.</param>
    /// <param name="text">What is said now; empty where only results come.</param>
    /// <param name="results">What calls have brought, each with its call.</param>
    /// <param name="earlier">What was said before elsewhere.</param>
    public static PromptMessages Of(string? system, IEnumerable<WindowTurn> turns, string text, IReadOnlyList<ToolResult> results, IReadOnlyList<ChatMessage>? earlier = null)
    {
        var prompt = new PromptMessages();
        if (!string.IsNullOrEmpty(system))
        {
            prompt._messages.Add(new ChatMessage(ChatMessage.System, system));
        }

        foreach (var turn in turns)
        {
            prompt.Add(turn);
        }

        prompt._begun = true;
        prompt.AddResults(results);
        prompt.AddEarlier(earlier ?? []);
        prompt.Say(text);
        prompt.Speak();
        return prompt;
    }

    /// <summary>The last turn that is out of view when the <paramref name="dropped"/> oldest messages (after the system's) are; 0 when none.</summary>
    public long LastDropped(int dropped) => _wholeTurn.Take(dropped).DefaultIfEmpty(0).Max();

    private static WindowTurn Open(WindowTurn turn) =>
        turn.PrivateReply && turn.IsAnswered ? turn with { Reply = Withheld, ToolCalls = [], Reasoning = null } : turn.Reasoning is null ? turn : turn with { Reasoning = null };

    private void Add(WindowTurn turn)
    {
        // What comes before the first words in view belongs to a turn that is not: a device leaves it out as well.
        _begun |= turn.User.Length + turn.Earlier.Count > 0;
        if (!_begun)
        {
            return;
        }

        AddResults(turn.ToolResults);
        AddEarlier(turn.Earlier);
        Say(turn.User);
        if (!turn.IsAnswered)
        {
            return;
        }

        Speak();
        Add(new ChatMessage(ChatMessage.Assistant, turn.Reply) { ToolCalls = turn.ToolCalls, Reasoning = turn.Reasoning }, turn.Sequence);
        _open = turn.ToolCalls;
    }

    private void AddEarlier(IReadOnlyList<ChatMessage> messages)
    {
        foreach (var message in EarlierMessages.Joined(messages))
        {
            if (message.Role == ChatMessage.User)
            {
                Close(_ => Awaited);
                Say(message.Content);
            }
            else if (message.Role == ChatMessage.Tool && _open.FirstOrDefault(call => call.CallId == message.ToolCallId) is { } answered)
            {
                _open = [.. _open.Where(call => call != answered)];
                Add(message with { Name = answered.Name }, 0);
            }
            else
            {
                Close(_ => Awaited);
                Speak();
                Add(message, 0);
                _open = message.ToolCalls;
            }
        }
    }

    private void AddResults(IReadOnlyList<ToolResult> results)
    {
        var open = _open;
        Close(call => results.FirstOrDefault(result => result.CallId == call.CallId)?.Content ?? Awaited);
        var late = results.Where(result => result.Call is not null && open.All(call => call.CallId != result.CallId)).ToList();
        if (late.Count == 0)
        {
            return;
        }

        Speak();
        _open = [.. late.Select(result => result.Call!)];
        Add(new ChatMessage(ChatMessage.Assistant, "") { ToolCalls = _open }, 0);
        Close(call => late.First(result => result.CallId == call.CallId).Content);
    }

    private void Close(Func<ToolCall, string> result)
    {
        foreach (var call in _open)
        {
            Add(new ChatMessage(ChatMessage.Tool, result(call)) { ToolCallId = call.CallId, Name = call.Name }, 0);
        }

        _open = [];
    }

    private void Say(string text) => _unanswered = text.Length == 0 ? _unanswered : _unanswered is null ? text : _unanswered + "\n" + text;

    private void Speak()
    {
        if (_unanswered is { } words)
        {
            _unanswered = null;
            Add(new ChatMessage(ChatMessage.User, words), 0);
        }
    }

    private void Add(ChatMessage message, long wholeTurn)
    {
        _messages.Add(message);
        _wholeTurn.Add(wholeTurn);
    }
}
