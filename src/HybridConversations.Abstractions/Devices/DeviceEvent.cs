using System.Text.Json.Serialization;

namespace HybridConversations;

/// <summary>What a device says while it generates.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(DeviceText), "text")]
[JsonDerivedType(typeof(DeviceReasoning), "reasoning")]
[JsonDerivedType(typeof(DeviceToolCall), "tool-call")]
[JsonDerivedType(typeof(DeviceToolArguments), "tool-arguments")]
[JsonDerivedType(typeof(DeviceFinished), "finished")]
public abstract record DeviceEvent;

/// <summary>A piece of text: whole characters, never part of a stop string.</summary>
/// <param name="Text">The piece.</param>
/// <param name="LogProbs">Per token of the piece, where asked for.</param>
public sealed record DeviceText(string Text, IReadOnlyList<TokenLogProb>? LogProbs = null) : DeviceEvent;

/// <summary>A piece of what the model thinks before it answers; no part of its answer.</summary>
public sealed record DeviceReasoning(string Text) : DeviceEvent;

/// <summary>The model begins to call a function. Its arguments follow as <see cref="DeviceToolArguments"/>.</summary>
/// <param name="Index">Counts the calls of this reply from 0.</param>
/// <param name="CallId">Names the call.</param>
/// <param name="Name">The function.</param>
public sealed record DeviceToolCall(int Index, string CallId, string Name) : DeviceEvent;

/// <summary>A piece of the arguments of a call; all pieces of a call that ended are the JSON text of an object.</summary>
/// <param name="Index">Of the call.</param>
/// <param name="Text">JSON text.</param>
/// <param name="IsEnd">The call is complete: nothing more of it comes.</param>
public sealed record DeviceToolArguments(int Index, string Text, bool IsEnd) : DeviceEvent;

/// <summary>The end of a generation.</summary>
/// <param name="DeviceId">Who did it.</param>
/// <param name="FinishReason">Why it ended.</param>
/// <param name="Usage">Tokens.</param>
/// <param name="Timings">Milliseconds since the device took the request.</param>
/// <param name="DroppedMessages">Oldest messages (after the system prompt) that were left out to fit the context window; a conversation leaves them out from now on.</param>
public sealed record DeviceFinished(string DeviceId, FinishReason FinishReason, TokenUsage Usage, TurnTimings Timings, int DroppedMessages) : DeviceEvent;

/// <summary>Natural log probability of a sampled token before temperature, and of its likeliest alternatives.</summary>
public sealed record TokenLogProb(string Token, double LogProb, IReadOnlyList<TokenAlternative> Top);

/// <summary>A token that could have been sampled.</summary>
/// <param name="Token">Its text.</param>
/// <param name="LogProb">Natural logarithm of its probability.</param>
public sealed record TokenAlternative(string Token, double LogProb);
