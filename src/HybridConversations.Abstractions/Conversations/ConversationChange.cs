using System.Text.Json.Serialization;

namespace HybridConversations;

/// <summary>A change of what is on record that is no turn.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "change")]
[JsonDerivedType(typeof(BeginConversation), "begin")]
[JsonDerivedType(typeof(ChangeNote), "note")]
[JsonDerivedType(typeof(AddMessages), "add")]
[JsonDerivedType(typeof(EraseTurn), "erase")]
[JsonDerivedType(typeof(JudgeTurn), "judge")]
public abstract record ConversationChange;

/// <summary>
/// Begins a conversation that does not exist: empty, or with the turns of another one up to some point (a fork). Whatever of their KV state is known is found by
/// their tokens, as for any prompt.
/// </summary>
/// <param name="System">System prompt; null for the model's default.</param>
/// <param name="Note">What is kept with it; null for nothing.</param>
/// <param name="Turns">Turns that have ended, oldest first, at most <see cref="Limits.MaxFirstTurns"/>; their places are counted anew, their ids stay.</param>
/// <param name="BegunAt">When that other one began, which is the date in its prompts; null for now.</param>
public sealed record BeginConversation(string? System, string? Note, IReadOnlyList<TurnRecord> Turns, DateTimeOffset? BegunAt = null) : ConversationChange;

/// <summary>Replaces what is kept with the conversation.</summary>
public sealed record ChangeNote(string? Note) : ConversationChange;

/// <summary>Adds messages at its end that nothing answers, as a turn of their own.</summary>
/// <param name="TurnId">Chosen by the caller; sent again it adds nothing.</param>
/// <param name="Messages">As <see cref="Turn.Earlier"/>.</param>
/// <param name="Private">Never shown to the cloud.</param>
public sealed record AddMessages(string TurnId, IReadOnlyList<ChatMessage> Messages, bool Private = false) : ConversationChange;

/// <summary>Erases a turn that has ended, or one part of it: from the record, and from the KV state.</summary>
/// <param name="TurnId">The turn.</param>
/// <param name="Part">What of it; null for all.</param>
/// <param name="Index">Which of <see cref="TurnRecord.Earlier"/>, from 0; the others keep their places.</param>
/// <param name="CallId">Which call or result.</param>
public sealed record EraseTurn(string TurnId, TurnPart? Part = null, int Index = 0, string? CallId = null) : ConversationChange;

/// <summary>Puts on record what a person thought of a turn that has ended; the last word counts.</summary>
/// <param name="TurnId">The turn.</param>
/// <param name="Feedback">What they thought; null takes it back.</param>
public sealed record JudgeTurn(string TurnId, TurnFeedback? Feedback) : ConversationChange;

/// <summary>A part of a turn.</summary>
public enum TurnPart
{
    /// <summary>One of <see cref="TurnRecord.Earlier"/>.</summary>
    Earlier,

    /// <summary>One of <see cref="TurnRecord.ToolResults"/>.</summary>
    ToolResult,

    /// <summary><see cref="TurnRecord.User"/>.</summary>
    User,

    /// <summary><see cref="TurnRecord.Reply"/>.</summary>
    Reply,

    /// <summary>One of <see cref="TurnRecord.ToolCalls"/>.</summary>
    ToolCall,

    /// <summary><see cref="TurnRecord.Reasoning"/>.</summary>
    Reasoning,
}
