namespace HybridConversations.Http.OpenAi;

/// <summary>
/// Brings messages into the order that chat templates take: an optional system message, then user and assistant in turn.
/// Instructions that come later stay where they stand, as part of what the user says, so that the prompt keeps its beginning and its KV stays usable.
/// </summary>
internal sealed class ChatMessageList
{
    private readonly List<ChatMessage> _messages = [];

    public IReadOnlyList<ChatMessage> Messages => _messages;

    public bool EndsWithUser => _messages is [.., { Role: ChatMessage.User }];

    public void AddInstruction(string text)
    {
        if (_messages.TrueForAll(message => message.Role == ChatMessage.System))
        {
            Add(ChatMessage.System, text);
        }
        else
        {
            Add(ChatMessage.User, text);
        }
    }

    public void AddUser(string text) => Add(ChatMessage.User, text);

    public void AddAssistant(string text) => Add(ChatMessage.Assistant, text);

    private void Add(string role, string text)
    {
        if (_messages is [.., var last] && last.Role == role)
        {
            _messages[^1] = last with { Content = last.Content.Length == 0 ? text : $"{last.Content}\n\n{text}" };
            return;
        }

        _messages.Add(new ChatMessage(role, text));
    }
}
