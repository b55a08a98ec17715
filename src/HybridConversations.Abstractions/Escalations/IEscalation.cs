using System.Text.Json.Serialization;

namespace HybridConversations;

/// <summary>One cloud endpoint: owns its rate limit, circuit breaker, budget and in-flight calls. Thread-safe.</summary>
public interface IEscalation
{
    /// <summary>
    /// Asks the cloud model. Yields <see cref="EscalationText"/> pieces, <see cref="EscalationToolCall"/>s and one <see cref="EscalationFinished"/>.
    /// Throws <see cref="ProblemException"/> (<c>cloud-failed</c>, <c>budget-spent</c>, <c>overloaded</c>) when it cannot answer;
    /// a cut in the middle ends with <see cref="FinishReason.Cut"/>.
    /// </summary>
    IAsyncEnumerable<EscalationEvent> Ask(EscalationRequest request, CancellationToken cancellationToken = default);

    /// <summary>Can a tenant ask it right now, and what has that tenant spent? For whoever can wait; a turn looks at an <see cref="EscalationOutlook"/>.</summary>
    /// <param name="tenant">Empty: all tenants together.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<EscalationStatus> Status(string tenant, CancellationToken cancellationToken = default);
}

/// <param name="ConversationId">For the log.</param>
/// <param name="Tenant">Who pays.</param>
/// <param name="Messages">As in <see cref="DeviceRequest.Messages"/>; cut to the cloud model's window by the escalation.</param>
/// <param name="Sampling">What the caller asked for.</param>
/// <param name="DeadlineMs">Milliseconds from now; null for the endpoint's own time-outs only.</param>
public sealed record EscalationRequest(string ConversationId, string Tenant, IReadOnlyList<ChatMessage> Messages, SamplingOptions Sampling, int? DeadlineMs = null)
{
    /// <summary>Functions that the model may call.</summary>
    public IReadOnlyList<ToolDefinition> Tools { get; init; } = [];

    /// <summary>Whether the cloud's model may, must or must not call tools.</summary>
    public ToolChoice ToolChoice { get; init; } = ToolChoice.Auto;

    /// <summary>May it call several at once?</summary>
    public bool ParallelToolCalls { get; init; } = true;

    /// <inheritdoc cref="DeviceRequest.TraceParent"/>
    public string? TraceParent { get; init; }
}

/// <summary>A step of an answer of the cloud.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "event")]
[JsonDerivedType(typeof(EscalationText), "text")]
[JsonDerivedType(typeof(EscalationToolCall), "tool-call")]
[JsonDerivedType(typeof(EscalationFinished), "finished")]
public abstract record EscalationEvent;

/// <summary>A piece of the reply.</summary>
/// <param name="Text">It.</param>
public sealed record EscalationText(string Text) : EscalationEvent;

/// <summary>The model asks for a call; it is whole.</summary>
public sealed record EscalationToolCall(ToolCall Call) : EscalationEvent;

/// <param name="Endpoint">Who answered.</param>
/// <param name="FinishReason">Why it ended.</param>
/// <param name="PromptTokens">As the endpoint counted them, else estimated.</param>
/// <param name="CompletionTokens">Likewise.</param>
/// <param name="CachedTokens">Prompt tokens the endpoint had cached.</param>
/// <param name="Cost">In the ledger's currency.</param>
/// <param name="Estimated">True when the endpoint did not say what it used, and tokens and cost are estimates.</param>
/// <param name="Note">Why a reply that ended with <see cref="FinishReason.Cut"/> did, in a sentence; null otherwise.</param>
public sealed record EscalationFinished(string Endpoint, FinishReason FinishReason, int PromptTokens, int CompletionTokens, int CachedTokens, decimal Cost,
    bool Estimated = false, string? Note = null) : EscalationEvent;

/// <param name="Endpoint">Its name in the settings.</param>
/// <param name="Available">False when it is off, its circuit is open or the budget is spent.</param>
/// <param name="Reason">Why not; null when available.</param>
/// <param name="SpentToday">Money spent this UTC day, by the tenant that was asked for or by all together.</param>
/// <param name="SpentThisMonth">Money spent this UTC month, likewise.</param>
/// <param name="InFlight">Calls under way.</param>
public sealed record EscalationStatus(string Endpoint, bool Available, string? Reason, decimal SpentToday, decimal SpentThisMonth, int InFlight);
