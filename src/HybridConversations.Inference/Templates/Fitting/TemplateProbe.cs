using HybridConversations.Inference.Templates.Runtime;

namespace HybridConversations.Inference.Templates.Fitting;

/// <summary>Tries a template with small conversations.</summary>
internal sealed class TemplateProbe(Func<IEnumerable<KeyValuePair<string, Value>>, DateTimeOffset, string> write)
{
    public bool Shows(ReadOnlySpan<string> parts, IReadOnlyList<ChatMessage> messages, IReadOnlyList<ToolDefinition>? tools = null, bool argumentsAsText = false) =>
        Shows(out _, parts, messages, tools, argumentsAsText);

    /// <summary>Does the prompt hold these parts, in this order?</summary>
    public bool Shows(out string? fault, ReadOnlySpan<string> parts, IReadOnlyList<ChatMessage> messages, IReadOnlyList<ToolDefinition>? tools = null, bool argumentsAsText = false)
    {
        if (Text(out fault, messages, tools, argumentsAsText) is not { } text)
        {
            return false;
        }

        var at = 0;
        foreach (var part in parts)
        {
            at = text.IndexOf(part, at, StringComparison.Ordinal);
            if (at < 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The prompt; null where the template refuses.</summary>
    public string? Text(IReadOnlyList<ChatMessage> messages) => Text(out _, messages, null, argumentsAsText: false);

    private string? Text(out string? fault, IReadOnlyList<ChatMessage> messages, IReadOnlyList<ToolDefinition>? tools, bool argumentsAsText)
    {
        fault = null;
        try
        {
            return write(ChatVariables.Of(new FittedInput(messages, tools ?? []) { ArgumentsAsText = argumentsAsText }, static text => text), DateTimeOffset.UnixEpoch);
        }
        catch (TemplateException refused)
        {
            fault = $"fails: {refused.Message}";
            return null;
        }
    }
}
