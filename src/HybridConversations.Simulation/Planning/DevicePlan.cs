using HybridConversations.Simulation.Catalogue;

namespace HybridConversations.Simulation.Planning;

/// <summary>What to expect of a model on a device.</summary>
public sealed record DevicePlan
{
    public required Setup Setup { get; init; }
    public required PlanOptions Options { get; init; }
    public required Roofline Roofline { get; init; }

    /// <summary>Was such an engine, quantisation and device seen? Else the intervals are all there is.</summary>
    public required bool HasSeen { get; init; }
    public required IReadOnlyList<SpeedPoint> Alone { get; init; }
    public required IReadOnlyList<SpeedPoint> Together { get; init; }
    public required IReadOnlyList<FirstTokenPoint> FirstToken { get; init; }
    public required IReadOnlyList<AnswerPoint> Answers { get; init; }
    public required VoiceCapacity Voices { get; init; }
    public required MemoryPlan Memory { get; init; }
    public required CloudPlan Cloud { get; init; }
    public required PowerPlan Power { get; init; }
}

/// <param name="Streams">Replies at once.</param>
/// <param name="Context">Tokens that each holds.</param>
/// <param name="TokensPerSecond">Of all together.</param>
public sealed record SpeedPoint(int Streams, int Context, Estimate TokensPerSecond)
{
    public Estimate PerStream => TokensPerSecond.Times(1.0 / Streams);
}

/// <param name="PromptTokens">Tokens to read.</param>
/// <param name="Milliseconds">Until the first token of the answer.</param>
public sealed record FirstTokenPoint(int PromptTokens, Estimate Milliseconds);

/// <param name="Tokens">Of an answer.</param>
/// <param name="Seconds">Until it is whole, nobody else being answered.</param>
/// <param name="KeepsBudget">Is it whole within the budget?</param>
public sealed record AnswerPoint(int Tokens, Estimate Seconds, bool KeepsBudget);

/// <param name="Share">Of the turns that go to the cloud, by the router's own calibration.</param>
/// <param name="CostPerThousandTurns">Of all turns.</param>
/// <param name="CostPerVoiceHour">A person in conversation for an hour.</param>
public sealed record CloudPlan(double Share, double CostPerThousandTurns, double CostPerVoiceHour);

/// <param name="Watts">The power mode's limit.</param>
/// <param name="JoulePerToken">At most, one stream.</param>
/// <param name="JoulePerTokenTogether">At most, with as many streams as keep the budget.</param>
public sealed record PowerPlan(double Watts, double JoulePerToken, double JoulePerTokenTogether);
