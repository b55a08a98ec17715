namespace HybridConversations.Conversations;

/// <summary>A conversation as a model reads it.</summary>
internal sealed class PromptMessages
{
    private readonly List<ChatMessage> _messages = [];

    // For each message but the system's: the turn that has been shown whole with it, 0 in the middle of a turn.
    private readonly List<long> _wholeTurn = [];

    /// <summary>Oldest first: the system message if there is one, then user and assistant in turn, a user message last.</summary>
    public IReadOnlyList<ChatMessage> Messages => _messages;

    /// <summary>Stands where the cloud is not shown a reply.</summary>
    private const string Withheld = "(This was answered on the device, and the answer is private.)";

    /// <summary>The conversation as the cloud may see it: without private turns, and without replies that may quote them.</summary>
    public static PromptMessages ForCloud(string? system, IEnumerable<WindowTurn> turns, string text) =>
        Of(system, turns.Where(turn => !turn.Private).Select(turn => turn is { PrivateReply: true, Reply.Length: > 0 } ? turn with { Reply = Withheld } : turn), text);

    /// <param name="system">System prompt; null or empty for none.</param>
    /// <param name="turns">Earlier turns. One whose reply nobody heard is joined to what was said next.</param>
    /// <param name="text">What is said now.</param>
    public static PromptMessages Of(string? system, IEnumerable<WindowTurn> turns, string text)
    {
        var prompt = new PromptMessages();
        if (!string.IsNullOrEmpty(system))
        {
            prompt._messages.Add(new ChatMessage(ChatMessage.System, system));
        }

        string? unanswered = null;
        foreach (var turn in turns)
        {
            var user = unanswered is null ? turn.User : unanswered + "\n" + turn.User;
            if (turn.Reply.Length == 0)
            {
                unanswered = user;
                continue;
            }

            unanswered = null;
            prompt.Add(ChatMessage.User, user, 0);
            prompt.Add(ChatMessage.Assistant, turn.Reply, turn.Sequence);
        }

        prompt.Add(ChatMessage.User, unanswered is null ? text : unanswered + "\n" + text, 0);
        return prompt;
    }

    /// <summary>The last turn that is out of view when the <paramref name="dropped"/> oldest messages (after the system's) are; 0 when none.</summary>
    public long LastDropped(int dropped) => _wholeTurn.Take(dropped).DefaultIfEmpty(0).Max();

    private void Add(string role, string content, long wholeTurn)
    {
        _messages.Add(new ChatMessage(role, content));
        _wholeTurn.Add(wholeTurn);
    }
}
