namespace HybridConversations.Inference.Templates.Fitting;

/// <summary>Brings a conversation into a form that a template can write. What stands earlier never depends on what comes later, so that a prompt keeps its beginning.</summary>
internal sealed class MessageFit(TemplateTraits traits)
{
    /// <summary>Takes a reply that is to be continued off the end.</summary>
    public static (IReadOnlyList<ChatMessage> Messages, string? Continued) Open(IReadOnlyList<ChatMessage> messages) =>
        messages is [.., { Role: ChatMessage.Assistant, ToolCalls.Count: 0 } last] ? ([.. messages.SkipLast(1)], last.Content) : (messages, null);

    public FittedInput Fit(ChatInput input)
    {
        var messages = input.Messages;
        var tools = input.Tools;
        if (!traits.Tools && tools.Count > 0)
        {
            messages = ToolText.Describe(messages, tools);
            tools = [];
        }

        if (!traits.Calls)
        {
            messages = [.. messages.Select(ToolText.InWords)];
        }
        else
        {
            messages = traits.ParallelCalls ? messages : [.. CallOrder.OneByOne(messages)];
            messages = traits.ShortCallIds ? [.. messages.Select(ShortCallId.Of)] : messages;
        }

        return new FittedInput(Ordered(messages), tools)
        {
            Thinking = input.Thinking,
            Effort = input.Effort,
            Variables = input.Variables,
            ArgumentsAsText = traits.ArgumentsAsText,
        };
    }

    private IReadOnlyList<ChatMessage> Ordered(IReadOnlyList<ChatMessage> messages)
    {
        var list = new OrderedMessages(traits);
        foreach (var message in messages)
        {
            list.Add(message);
        }

        return list.Finish();
    }
}
