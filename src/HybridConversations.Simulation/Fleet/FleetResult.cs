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

    /// <summary>By equal parts of the time.</summary>
    public required IReadOnlyList<TimePoint> Timeline { get; init; }
}

/// <summary>Of a distribution.</summary>
public sealed record Percentiles(double P50, double P95, double P99)
{
    internal static Percentiles Of(List<float> values)
    {
        values.Sort();
        return new Percentiles(At(0.5), At(0.95), At(0.99));

        double At(double share) => values.Count == 0 ? 0 : values[(int)Math.Min(values.Count - 1, share * values.Count)];
    }
}

/// <summary>Prompt tokens by where their KV came from.</summary>
public sealed record PromptTokens(long Resident, long Parked, long Snapshot, long Shared, long Read)
{
    public long All => Resident + Parked + Snapshot + Shared + Read;
}

/// <summary>Calls and records between processes, a second on average.</summary>
/// <param name="Reports">Calls of the fleet grain.</param>
/// <param name="ReportedDevices">Device records inside their answers: all devices in each.</param>
/// <param name="TurnCalls">Calls and stream batches of turns between silos.</param>
/// <param name="RedisWrites">Of conversations.</param>
public sealed record Messages(double Reports, double ReportedDevices, double TurnCalls, double RedisWrites);

/// <param name="Hours">Middle of the part.</param>
/// <param name="FirstTokenP95">Milliseconds.</param>
/// <param name="WithinBudget">Share.</param>
/// <param name="Turns">A second.</param>
public sealed record TimePoint(double Hours, double FirstTokenP95, double WithinBudget, double Turns);
