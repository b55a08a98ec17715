using HybridConversations.Inference.Engine;
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
    public int LengthIn(Prompt prompt, IReadOnlyList<ChatMessage> messages) =>
        messages[0].Role == ChatMessage.System ? prompt.Tokens.AsSpan().CommonPrefixLength(Tokens(messages[0].Content)) : 0;

    /// <summary>The tokens of a system prompt; empty where the template does not begin with it.</summary>
    public int[] Tokens(string system)
    {
        lock (_lock)
        {
            if (_known.TryGetValue(system, out var known))
            {
                return known;
            }
        }

        var tokens = Render(system);
        lock (_lock)
        {
            if (_known.TryAdd(system, tokens))
            {
                _order.Enqueue(system);
                if (_order.Count > MaxRemembered)
                {
                    _known.Remove(_order.Dequeue());
                }
            }
        }

        return tokens;
    }

    private int[] Render(string system)
    {
        var message = new ChatMessage(ChatMessage.System, system);
        var common = Opened(Openings[0]);
        foreach (var opening in Openings.Skip(1))
        {
            common = common[..common.AsSpan().CommonPrefixLength(Opened(opening))];
        }

        return common;

        int[] Opened(string words) => renderer.Render([message, new ChatMessage(ChatMessage.User, words)]).Tokens;
    }
}
