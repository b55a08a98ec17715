using System.Globalization;
using HybridConversations.Simulation.Fleet;

namespace HybridConversations.Cli.Commands;

/// <summary>A number of a scenario as an option of <c>hc simulate</c>.</summary>
internal sealed record ScenarioNumber(string Name, string Description, double Default, double Min, double Max, Func<FleetScenario, double, FleetScenario> Set)
{
    public static IReadOnlyList<ScenarioNumber> All { get; } =
    [
        new("--devices", "Devices", 100, 1, 100_000, (s, n) => s with { Devices = (int)n }),
        new("--conversations", "Conversations that begin in the time", 10_000, 1, 100_000_000, (s, n) => s with { Conversations = (int)n }),
        new("--hours", "Simulated hours", 1, 0.01, 1000, (s, n) => s with { Hours = n }),
        new("--seed", "Everything that is drawn follows from it", 1, 0, int.MaxValue, (s, n) => s with { Seed = (int)n }),
        new("--turns", "Turns of a conversation, on average", 6, 1, 1000, (s, n) => s with { Turns = n }),
        new("--said-tokens", "Tokens of what a person says, on average", 20, 1, 200, (s, n) => s with { SaidTokens = n }),
        new("--answer-tokens", "Tokens of an answer, on average", 50, 1, 200, (s, n) => s with { AnswerTokens = n }),
        new("--think-seconds", "From the end of a heard answer to the end of the next words, on average", 6, 0, 3600, (s, n) => s with { ThinkSeconds = n }),
        new("--barge-ins", "Share of the answers that are interrupted", 0.1, 0, 1, (s, n) => s with { BargeIns = n }),
        new("--tools", "Share of the answers that call a tool first", 0.05, 0, 1, (s, n) => s with { Tools = n }),
        new("--hard-share", "Share of what is said that is hard", 0.1, 0, 1, (s, n) => s with { HardShare = n }),
        new("--network-ms", "Between two machines, there and back, on average", 4, 0, 10_000, (s, n) => s with { NetworkMs = n }),
        new("--budget-seconds", "Within which an answer, or its first 50 tokens, should be there", 2, 0.1, 60, (s, n) => s with { BudgetSeconds = n }),
        new("--fail-share", "Share of the devices that lose power", 0, 0, 1, (s, n) => s with { FailShare = n }),
        new("--fail-at", "When they do, as a share of the time", 0.5, 0, 1, (s, n) => s with { FailAt = n }),
        new("--fail-seconds", "Until they are back", 1e9, 0, 1e9, (s, n) => s with { FailSeconds = n }),
        new("--gateways", "Silos without a device, through which turns come; 0: one for a hundred devices", 0, 0, 10_000, (s, n) => s with { Gateways = (int)n }),
        new("--input-price", "What the cloud takes for a million tokens sent", 0.15, 0, 1e6, (s, n) => s with { CloudInputPrice = n }),
        new("--output-price", "And for a million tokens got", 0.6, 0, 1e6, (s, n) => s with { CloudOutputPrice = n }),
        new("--look-at", "Devices that placement draws and compares, where there are more than four", 2, 1, 100_000, (s, n) => s with { LookAt = (int)n }),
    ];

    /// <summary>The scenario with the number as it was given, or its default.</summary>
    public FleetScenario Read(FleetScenario scenario, string? text, List<string> errors)
    {
        if (text is null)
        {
            return Set(scenario, Default);
        }

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= Min && number <= Max)
        {
            return Set(scenario, number);
        }

        errors.Add(string.Create(CultureInfo.InvariantCulture, $"{Name}: '{text}' is not allowed; allowed: {Min} to {Max}."));
        return scenario;
    }
}
