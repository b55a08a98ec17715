using HybridConversations.Storage;

namespace HybridConversations.Tests.Storage;

/// <summary>Turns to fill a store with.</summary>
internal static class StoredTurns
{
    public static readonly DateTimeOffset Start = new(2026, 5, 6, 7, 8, 9, TimeSpan.Zero);

    public static Task Add(
        this IConversationStore store, string conversation, long sequence, TurnState state = TurnState.Completed, string text = "hello", DateTimeOffset? at = null)
    {
        var reply = state == TurnState.Completed ? "hi" : "";
        return store.Open(conversation).Append(
            new TurnRecord { Sequence = sequence, TurnId = $"t{sequence}", User = text, Reply = reply, State = state, StartedAt = Start },
            new ConversationHead { Id = conversation, Turns = (int)sequence, LastSequence = sequence, UpdatedAt = at ?? Start });
    }
}
