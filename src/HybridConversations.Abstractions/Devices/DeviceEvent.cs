using System.Text.Json.Serialization;

namespace HybridConversations;

/// <summary>What a device says while it generates.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(DeviceText), "text")]
[JsonDerivedType(typeof(DeviceFinished), "finished")]
public abstract record DeviceEvent;

/// <summary>A piece of text: whole characters, never part of a stop string.</summary>
/// <param name="Text">The piece.</param>
/// <param name="LogProbs">Per token of the piece, where asked for.</param>
public sealed record DeviceText(string Text, IReadOnlyList<TokenLogProb>? LogProbs = null) : DeviceEvent;

/// <summary>The end of a generation.</summary>
/// <param name="DeviceId">Who did it.</param>
/// <param name="FinishReason">Why it ended.</param>
/// <param name="Usage">Tokens.</param>
/// <param name="Timings">Milliseconds since the device took the request.</param>
/// <param name="DroppedMessages">Oldest messages (after the system prompt) that were left out to fit the context window; a conversation leaves them out from now on.</param>
public sealed record DeviceFinished(string DeviceId, FinishReason FinishReason, TokenUsage Usage, TurnTimings Timings, int DroppedMessages) : DeviceEvent;

/// <summary>Natural log probability of a sampled token before temperature, and of its likeliest alternatives.</summary>
public sealed record TokenLogProb(string Token, double LogProb, IReadOnlyList<TokenAlternative> Top);

public sealed record TokenAlternative(string Token, double LogProb);
