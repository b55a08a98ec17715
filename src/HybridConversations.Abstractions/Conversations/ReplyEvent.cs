using System.Text.Json.Serialization;

namespace HybridConversations;

/// <summary>
/// What a conversation says while it answers: <see cref="ReplyRouted"/> first, then <see cref="ReplyReasoning"/>, <see cref="ReplyText"/>,
/// <see cref="ReplySentence"/> and <see cref="ReplyToolCall"/>, and exactly one of <see cref="ReplyCompleted"/> and <see cref="ReplyFailed"/> at the end.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(ReplyRouted), "routed")]
[JsonDerivedType(typeof(ReplyText), "text")]
[JsonDerivedType(typeof(ReplySentence), "sentence")]
[JsonDerivedType(typeof(ReplyBridge), "bridge")]
[JsonDerivedType(typeof(ReplyReasoning), "reasoning")]
[JsonDerivedType(typeof(ReplyToolCall), "tool-call")]
[JsonDerivedType(typeof(ReplyCompleted), "completed")]
[JsonDerivedType(typeof(ReplyFailed), "failed")]
public abstract record ReplyEvent;

/// <summary>Where the turn is answered and why. Comes again when a cloud failure sends it back to the device.</summary>
/// <param name="Target">Where to.</param>
/// <param name="Reason">One sentence for a person.</param>
/// <param name="Policy">Name of the policy that decided.</param>
/// <param name="Score">Probability, 0 to 1, that the turn needs the cloud.</param>
/// <param name="From">
/// The text that follows begins behind this many characters of the reply: <see cref="Turn.Received"/> where the turn was joined or is told again, 0 where it is
/// answered anew and what its caller has had of an earlier attempt is void.
/// </param>
public sealed record ReplyRouted(RouteTarget Target, string Reason, string Policy, double Score, int From = 0) : ReplyEvent;

/// <summary>A piece of the reply; the pieces joined are the reply.</summary>
public sealed record ReplyText(string Text) : ReplyEvent;

/// <summary>A whole sentence of the reply, as a speech synthesiser takes it.</summary>
public sealed record ReplySentence(string Text) : ReplyEvent;

/// <summary>A short phrase to speak while the cloud thinks; never part of the reply or of the history.</summary>
public sealed record ReplyBridge(string Text) : ReplyEvent;

/// <summary>
/// A piece of what the model thinks before it answers, in a turn that asked for it (<see cref="Turn.Reasoning"/>); never part of the reply, and not told
/// again; the record has it (<see cref="TurnRecord.Reasoning"/>).
/// </summary>
public sealed record ReplyReasoning(string Text) : ReplyEvent;

/// <summary>
/// The model asks its caller to run a function and to bring the result with a later turn (<see cref="Turn.ToolResults"/>). The call is on record before it is told;
/// a turn that is sent again tells the same calls again under the same ids.
/// </summary>
/// <param name="CallId">Names the call, in this conversation.</param>
/// <param name="Name">The function.</param>
/// <param name="Arguments">JSON text of an object.</param>
public sealed record ReplyToolCall(string CallId, string Name, string Arguments) : ReplyEvent
{
    /// <summary>The call as records have it.</summary>
    [JsonIgnore]
    public ToolCall Call => new(CallId, Name, Arguments);

    /// <summary>Tells of <paramref name="call"/>.</summary>
    public static ReplyToolCall Of(ToolCall call) => new(call.CallId, call.Name, call.Arguments);
}

/// <summary>The reply is whole and stored.</summary>
/// <param name="TurnId">The client's id.</param>
/// <param name="Text">The <see cref="ReplyText"/> pieces joined.</param>
/// <param name="FinishReason">Why it ended.</param>
/// <param name="Usage">Tokens.</param>
/// <param name="Timings">Milliseconds.</param>
/// <param name="Replayed">True when the turn id had been answered before and this is the recorded reply.</param>
public sealed record ReplyCompleted(string TurnId, string Text, FinishReason FinishReason, TokenUsage Usage, TurnTimings Timings, bool Replayed = false) : ReplyEvent;

/// <summary>The turn could not be answered; the user's words are stored, and the same turn id may be sent again when <see cref="Problem.Retryable"/>.</summary>
public sealed record ReplyFailed(string TurnId, Problem Problem) : ReplyEvent;

/// <summary>Why a reply ended.</summary>
public enum FinishReason
{
    /// <summary>The model ended its turn, or a stop string came.</summary>
    Stop,

    /// <summary>The token limit or the context was reached.</summary>
    Length,

    /// <summary>Barge-in, or the caller left.</summary>
    Interrupted,

    /// <summary>The cloud's reply broke off; what had come is kept and marked.</summary>
    Cut,

    /// <summary>The model asked for calls and waits for their results.</summary>
    ToolCalls,
}

/// <summary>Tokens of one turn. <c>PromptTokens = ReusedTokens + ReadTokens</c>.</summary>
/// <param name="PromptTokens">Tokens of the rendered prompt.</param>
/// <param name="CompletionTokens">Tokens generated.</param>
/// <param name="ReusedTokens">Prompt tokens whose KV was already there.</param>
/// <param name="ReadTokens">Prompt tokens that were read (prefilled) for this turn.</param>
/// <param name="Reused">Where the reused ones came from; sums to <paramref name="ReusedTokens"/>.</param>
public sealed record TokenUsage(int PromptTokens, int CompletionTokens, int ReusedTokens, int ReadTokens, ReusedTokens? Reused = null)
{
    /// <summary>Those of <see cref="CompletionTokens"/> that were thought, not said.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int ReasoningTokens { get; init; }
}

/// <summary>Reused prompt tokens by the tier their KV came from.</summary>
public sealed record ReusedTokens(int Resident = 0, int Parked = 0, int Snapshot = 0, int SharedPrefix = 0);

/// <summary>Milliseconds from acceptance of the turn: to its first token, to its end, and spent waiting for the engine.</summary>
public sealed record TurnTimings(double FirstTokenMs, double TotalMs, double QueuedMs);
