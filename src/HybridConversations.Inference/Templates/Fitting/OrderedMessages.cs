namespace HybridConversations.Inference.Templates.Fitting;

/// <summary>
/// Messages in an order that a template takes: instructions that it cannot write where they stand become part of what the person says, two messages of the same
/// role become one where they must, and the person speaks first where they must.
/// </summary>
internal sealed class OrderedMessages(TemplateTraits traits)
{
    private readonly List<ChatMessage> _messages = [];
    private string? _pending;

    public void Add(ChatMessage message)
    {
        if (message.Role == ChatMessage.System)
        {
            AddInstruction(message);
        }
        else
        {
            AddTurn(message);
        }
    }

    public IReadOnlyList<ChatMessage> Finish()
    {
        if (_pending is { } instructions)
        {
            _pending = null;
            Append(new ChatMessage(ChatMessage.User, instructions));
        }
        else if (_messages is [{ Role: ChatMessage.System }] && !traits.SystemAlone)
        {
            // Nobody has spoken: the instructions are all there is to answer.
            _messages[0] = _messages[0] with { Role = ChatMessage.User };
        }
        else if (_messages.Count == 0)
        {
            _messages.Add(new ChatMessage(ChatMessage.User, ""));
        }

        return _messages;
    }

    private void AddInstruction(ChatMessage message)
    {
        var isFirst = _messages.TrueForAll(other => other.Role == ChatMessage.System) && _pending is null;
        if (isFirst && traits.System)
        {
            Merge(message);
        }
        else if (!isFirst && traits.SystemAnywhere)
        {
            _messages.Add(message);
        }
        else
        {
            _pending = Joined(_pending, message.Content);
        }
    }

    private void AddTurn(ChatMessage message)
    {
        if (_pending is { } instructions)
        {
            _pending = null;
            if (message.Role == ChatMessage.User)
            {
                message = message with { Content = Joined(instructions, message.Content) };
            }
            else
            {
                Append(new ChatMessage(ChatMessage.User, instructions));
            }
        }

        if (message.Role != ChatMessage.User && !traits.AssistantFirst && _messages.TrueForAll(other => other.Role == ChatMessage.System))
        {
            _messages.Add(new ChatMessage(ChatMessage.User, ""));
        }

        Append(message);
    }

    private void Append(ChatMessage message)
    {
        var joins = !traits.Repeats && message.Role is ChatMessage.User or ChatMessage.Assistant && _messages is [.., var last]
            && last.Role == message.Role && last.ToolCalls.Count == 0;
        if (joins)
        {
            Merge(message);
        }
        else
        {
            _messages.Add(message);
        }
    }

    private void Merge(ChatMessage message)
    {
        if (_messages is [.., var last] && last.Role == message.Role)
        {
            _messages[^1] = message with { Content = Joined(last.Content, message.Content), Reasoning = message.Reasoning ?? last.Reasoning };
        }
        else
        {
            _messages.Add(message);
        }
    }

    private static string Joined(string? first, string second) => string.IsNullOrEmpty(first) ? second : second.Length == 0 ? first : $"{first}\n\n{second}";
}
