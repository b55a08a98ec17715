using System.Globalization;
using HybridConversations.Inference.Templates;
using HybridConversations.Inference.Text;

namespace HybridConversations.Devices;

/// <summary>
/// The tokens with which every conversation of one system prompt begins: what prompts that differ in their first words only have in common. Remembers the latest system
/// prompts, so that finding them costs a look-up. Thread-safe.
/// </summary>
internal sealed class SystemPrefix(PromptRenderer renderer)
{
    private const int MaxRemembered = 64;

    // They differ from their first character on, so that no tokenizer joins it to what stands before.
    private static readonly string[] Openings = ["Hello", "why", "7 is it", "\"No\""];
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int[]> _known = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    /// <summary>How many of a prompt's tokens are its system prompt's; 0 for messages that begin with something else.</summary>
    public int LengthIn(Prompt prompt, ChatInput input) =>
        input.Messages[0].Role == ChatMessage.System ? prompt.Tokens.AsSpan().CommonPrefixLength(Tokens(input)) : 0;

    /// <summary>The tokens of the system prompt with which an input begins, and of what else every prompt like it begins with (tools, date); empty where the template does not begin with them.</summary>
    public int[] Tokens(ChatInput input)
    {
        var key = Key(input);
        lock (_lock)
        {
            if (_known.TryGetValue(key, out var known))
            {
                return known;
            }
        }

        var tokens = Render(input);
        lock (_lock)
        {
            if (_known.TryAdd(key, tokens))
            {
                _order.Enqueue(key);
                if (_order.Count > MaxRemembered)
                {
                    _known.Remove(_order.Dequeue());
                }
            }
        }

        return tokens;
    }

    private string Key(ChatInput input) => string.Join('\n', [
        input.Messages[0].Content,
        renderer.Template.HoldsDate ? input.Date.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) : "",
        $"{input.Thinking} {input.Effort} {input.Variables}",
        .. input.Tools.Select(tool => $"{tool.Name}\n{tool.Description}\n{tool.Parameters}")]);

    private int[] Render(ChatInput input)
    {
        var common = Opened(Openings[0]);
        foreach (var opening in Openings.Skip(1))
        {
            common = common[..common.AsSpan().CommonPrefixLength(Opened(opening))];
        }

        return common;

        int[] Opened(string words) => renderer.Render(input with { Messages = [input.Messages[0], new ChatMessage(ChatMessage.User, words)] }).Tokens;
    }
}
