namespace HybridConversations.Simulation.Fleet;

/// <summary>What a simulated fleet did. Milliseconds are from the end of a person's words.</summary>
public sealed record FleetResult
{
    public required FleetScenario Scenario { get; init; }
    public required long Turns { get; init; }
    public required long Local { get; init; }
    public required long Cloud { get; init; }

    /// <summary>Turns that no device took.</summary>
    public required long Refused { get; init; }

    /// <summary>Turns that were sent again because their device died.</summary>
    public required long Retried { get; init; }
    public required long BargeIns { get; init; }

    /// <summary>First token of local answers.</summary>
    public required Percentiles FirstTokenMs { get; init; }

    /// <summary>A local answer, or its first 50 tokens.</summary>
    public required Percentiles AnswerMs { get; init; }

    /// <summary>Waiting for the engine.</summary>
    public required Percentiles QueuedMs { get; init; }

    /// <summary>Local answers within the budget.</summary>
    public required double WithinBudget { get; init; }

    /// <summary>Time in which a device computed, of all its time.</summary>
    public required double Utilisation { get; init; }
    public required double BusiestDevice { get; init; }

    /// <summary>Turns answered where their conversation's KV was.</summary>
    public required double Stayed { get; init; }
    public required PromptTokens Prompt { get; init; }
    public required Messages Messages { get; init; }

    /// <summary>Tokens sent to and got from the cloud.</summary>
    public required long CloudTokensSent { get; init; }
    public required long CloudTokensGot { get; init; }

    /// <summary>What that costs at the scenario's prices.</summary>
    public double CloudCost => ((CloudTokensSent * Scenario.CloudInputPrice) + (CloudTokensGot * Scenario.CloudOutputPrice)) / 1e6;

    /// <summary>By equal parts of the time.</summary>
    public required IReadOnlyList<TimePoint> Timeline { get; init; }
}
