using HybridConversations.Storage;

namespace HybridConversations.Conversations;

/// <summary>What a conversation keeps in memory: its head and the turns inside the context window. Immutable; a cache of the log, never the truth.</summary>
internal sealed class ConversationState(ConversationHead head, IReadOnlyList<WindowTurn> window)
{
    private const int Page = 50;

    public ConversationHead Head { get; } = head;

    /// <summary>Turns that models see, oldest first.</summary>
    public IReadOnlyList<WindowTurn> Window { get; } = window;

    /// <summary>Reads the head and the window, for whoever knows that no turn runs: never more than <see cref="ConversationOptions.MaxWindowTurns"/> turns, however long the history.</summary>
    public static async Task<ConversationState> Load(IConversationLog log, string id, ConversationOptions options, CancellationToken cancellationToken)
    {
        var head = await log.ReadHead(cancellationToken) ?? new ConversationHead { Id = id };
        var shown = new List<WindowTurn>();
        var after = Math.Max(head.WindowAfter, head.LastSequence - options.MaxWindowTurns);
        while (after < head.LastSequence)
        {
            var page = await log.ReadTurns(after, Page, cancellationToken);
            shown.AddRange(page.Select(turn => WindowTurn.From(turn.State == TurnState.Running ? Conversation.CutOff(turn) : turn)).OfType<WindowTurn>());
            after = page.Count < Page ? head.LastSequence : page[^1].Sequence;
        }

        return new ConversationState(head, shown);
    }

    /// <summary>After <paramref name="turn"/> was stored with <paramref name="head"/>, in the place of <paramref name="replaced"/> (0 for none).</summary>
    public ConversationState With(TurnRecord turn, ConversationHead head, long replaced = 0)
    {
        var turns = new List<WindowTurn>(Window.Count + 1);
        turns.AddRange(Window.Where(t => t.Sequence > head.WindowAfter && t.Sequence != turn.Sequence && t.Sequence != replaced));
        if (WindowTurn.From(turn) is { } shown && shown.Sequence > head.WindowAfter)
        {
            turns.Add(shown);
        }

        return new ConversationState(head, turns);
    }

    /// <summary>
    /// Where the window should begin when a turn is added at <paramref name="next"/>. A quarter of it leaves at once when it is full: a window that loses
    /// one turn at every turn would change the beginning of every prompt, and nothing of its KV could be used again.
    /// </summary>
    /// <param name="next">Sequence of the turn that is added.</param>
    /// <param name="options">The window's bounds.</param>
    /// <param name="keepsLast">The last words stay, however long: what is added is the result of what they led to.</param>
    public long WindowAfter(long next, ConversationOptions options, bool keepsLast)
    {
        var after = WindowAfter(next, options);
        return keepsLast && Window.LastOrDefault(turn => turn.User.Length > 0) is { } last ? Math.Min(after, last.Sequence - 1) : after;
    }

    private long WindowAfter(long next, ConversationOptions options)
    {
        var after = next - Head.WindowAfter > options.MaxWindowTurns ? next - (options.MaxWindowTurns * 3L / 4) : Head.WindowAfter;
        var characters = Window.Where(turn => turn.Sequence > after).Sum(turn => turn.Characters);
        if (characters <= options.MaxWindowCharacters)
        {
            return after;
        }

        foreach (var turn in Window.Where(turn => turn.Sequence > after))
        {
            after = turn.Sequence;
            characters -= turn.Characters;
            if (characters <= options.MaxWindowCharacters * 3L / 4)
            {
                break;
            }
        }

        return after;
    }
}
