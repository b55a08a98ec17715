using System.Text.Json;

namespace HybridConversations.Client.Wire;

/// <summary>Body of <c>POST /conversations/{id}/turns</c>. Null members are left out: the server's default holds.</summary>
public sealed record TurnBody
{
    /// <inheritdoc cref="Turn.TurnId"/>
    public required string TurnId { get; init; }

    /// <inheritdoc cref="Turn.Text"/>
    public string? Text { get; init; }

    /// <inheritdoc cref="Turn.System"/>
    public string? System { get; init; }

    /// <inheritdoc cref="Turn.Interrupt"/>
    public bool? Interrupt { get; init; }

    /// <inheritdoc cref="Turn.Resumable"/>
    public bool? Resumable { get; init; }

    /// <inheritdoc cref="Turn.Received"/>
    public int? Received { get; init; }

    /// <inheritdoc cref="Turn.Private"/>
    public bool? Private { get; init; }

    /// <inheritdoc cref="Turn.Device"/>
    public string? Device { get; init; }

    /// <inheritdoc cref="Turn.Think"/>
    public ThinkMode? Think { get; init; }

    /// <inheritdoc cref="Turn.AllowFallback"/>
    public bool? AllowFallback { get; init; }

    /// <inheritdoc cref="Turn.Priority"/>
    public TurnPriority? Priority { get; init; }

    /// <inheritdoc cref="Turn.DeadlineMs"/>
    public int? DeadlineMs { get; init; }

    /// <inheritdoc cref="Turn.Tenant"/>
    public string? Tenant { get; init; }

    /// <inheritdoc cref="SamplingOptions.MaxTokens"/>
    public int? MaxTokens { get; init; }

    /// <inheritdoc cref="SamplingOptions.Temperature"/>
    public double? Temperature { get; init; }

    /// <inheritdoc cref="SamplingOptions.TopP"/>
    public double? TopP { get; init; }

    /// <inheritdoc cref="SamplingOptions.TopK"/>
    public int? TopK { get; init; }

    /// <inheritdoc cref="SamplingOptions.MinP"/>
    public double? MinP { get; init; }

    /// <inheritdoc cref="SamplingOptions.FrequencyPenalty"/>
    public double? FrequencyPenalty { get; init; }

    /// <inheritdoc cref="SamplingOptions.PresencePenalty"/>
    public double? PresencePenalty { get; init; }

    /// <inheritdoc cref="SamplingOptions.RepeatPenalty"/>
    public double? RepeatPenalty { get; init; }

    /// <inheritdoc cref="SamplingOptions.RepeatLastTokens"/>
    public int? RepeatLastTokens { get; init; }

    /// <inheritdoc cref="SamplingOptions.LogitBias"/>
    public IReadOnlyDictionary<int, double>? LogitBias { get; init; }

    /// <inheritdoc cref="SamplingOptions.TypicalP"/>
    public double? TypicalP { get; init; }

    /// <inheritdoc cref="SamplingOptions.DryMultiplier"/>
    public double? DryMultiplier { get; init; }

    /// <inheritdoc cref="SamplingOptions.DryBase"/>
    public double? DryBase { get; init; }

    /// <inheritdoc cref="SamplingOptions.DryAllowedLength"/>
    public int? DryAllowedLength { get; init; }

    /// <inheritdoc cref="SamplingOptions.DryLastTokens"/>
    public int? DryLastTokens { get; init; }

    /// <inheritdoc cref="SamplingOptions.DryBreakers"/>
    public IReadOnlyList<string>? DryBreakers { get; init; }

    /// <inheritdoc cref="SamplingOptions.XtcProbability"/>
    public double? XtcProbability { get; init; }

    /// <inheritdoc cref="SamplingOptions.XtcThreshold"/>
    public double? XtcThreshold { get; init; }

    /// <inheritdoc cref="SamplingOptions.Seed"/>
    public long? Seed { get; init; }

    /// <inheritdoc cref="SamplingOptions.Stop"/>
    public IReadOnlyList<string>? Stop { get; init; }

    /// <inheritdoc cref="SamplingOptions.Grammar"/>
    public string? Grammar { get; init; }

    /// <summary>A JSON schema, as an object or as JSON text; excludes <see cref="Grammar"/>.</summary>
    public JsonElement? JsonSchema { get; init; }

    /// <inheritdoc cref="Turn.Tools"/>
    public IReadOnlyList<ToolBody>? Tools { get; init; }

    /// <summary>Whether the turn is answered with a call; left out, the model decides.</summary>
    public ToolChoiceBody? ToolChoice { get; init; }

    /// <inheritdoc cref="Turn.ParallelToolCalls"/>
    public bool? ParallelToolCalls { get; init; }

    /// <inheritdoc cref="Turn.ToolResults"/>
    public IReadOnlyList<ToolResultBody>? ToolResults { get; init; }

    /// <summary>How hard the model thinks before it answers: <c>none</c>, <c>minimal</c>, <c>low</c>, <c>medium</c>, <c>high</c>; left out, it does not think.</summary>
    public string? ReasoningEffort { get; init; }

    /// <summary>Think at all?</summary>
    public bool? EnableThinking { get; init; }

    /// <summary>Tokens of a thought at most; then it is closed and the answer begins.</summary>
    public int? ThinkingBudget { get; init; }

    /// <summary>The body that says <paramref name="turn"/>.</summary>
    public static TurnBody Of(Turn turn) => new()
    {
        TurnId = turn.TurnId,
        Text = turn.Text.Length > 0 ? turn.Text : null,
        System = turn.System,
        Interrupt = turn.Interrupt ? true : null,
        Resumable = turn.Resumable ? true : null,
        Received = turn.Received > 0 ? turn.Received : null,
        Private = turn.Private ? true : null,
        Device = turn.Device,
        Think = turn.Think == ThinkMode.Auto ? null : turn.Think,
        AllowFallback = turn.AllowFallback ? null : false,
        Priority = turn.Priority,
        DeadlineMs = turn.DeadlineMs,
        Tenant = turn.Tenant == Tenants.Default ? null : turn.Tenant,
        MaxTokens = turn.Sampling.MaxTokens,
        Temperature = turn.Sampling.Temperature,
        TopP = turn.Sampling.TopP,
        TopK = turn.Sampling.TopK,
        MinP = turn.Sampling.MinP,
        FrequencyPenalty = turn.Sampling.FrequencyPenalty,
        PresencePenalty = turn.Sampling.PresencePenalty,
        RepeatPenalty = turn.Sampling.RepeatPenalty,
        RepeatLastTokens = turn.Sampling.RepeatLastTokens,
        LogitBias = turn.Sampling.LogitBias.Count == 0 ? null : turn.Sampling.LogitBias,
        TypicalP = turn.Sampling.TypicalP,
        DryMultiplier = turn.Sampling.DryMultiplier,
        DryBase = turn.Sampling.DryBase,
        DryAllowedLength = turn.Sampling.DryAllowedLength,
        DryLastTokens = turn.Sampling.DryLastTokens,
        DryBreakers = turn.Sampling.DryBreakers,
        XtcProbability = turn.Sampling.XtcProbability,
        XtcThreshold = turn.Sampling.XtcThreshold,
        Seed = turn.Sampling.Seed,
        Stop = turn.Sampling.Stop.Count == 0 ? null : turn.Sampling.Stop,
        Grammar = turn.Sampling.Grammar,
        JsonSchema = turn.Sampling.JsonSchema is { } schema ? JsonSerializer.SerializeToElement(schema, WireJson.Bodies.String) : null,
        Tools = turn.Tools is { } tools ? [.. tools.Select(ToolBody.Of)] : null,
        ToolChoice = turn.ToolChoice is { } choice ? new ToolChoiceBody(choice.Mode, choice.Allowed) : null,
        ParallelToolCalls = turn.ParallelToolCalls ? null : false,
        ToolResults = turn.ToolResults.Count == 0 ? null : [.. turn.ToolResults.Select(result => new ToolResultBody(result.CallId, result.Content))],
        ReasoningEffort = turn.Reasoning?.Effort,
        EnableThinking = turn.Reasoning is { Effort: null, BudgetTokens: null } reasoning ? reasoning.Enabled ?? true : turn.Reasoning?.Enabled,
        ThinkingBudget = turn.Reasoning?.BudgetTokens,
    };
}
