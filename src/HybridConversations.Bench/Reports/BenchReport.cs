using HybridConversations.Bench.Http;
using HybridConversations.Bench.Prompts;
using HybridConversations.Bench.Statistics;

namespace HybridConversations.Bench.Reports;

/// <summary>Everything that a benchmark found: the JSON file of <c>--out</c>.</summary>
public sealed record BenchReport
{
    /// <summary>Raised when members change their meaning.</summary>
    public int Format { get; init; } = 1;

    public required string Version { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>As typed, without the key.</summary>
    public required string CommandLine { get; init; }

    public required MachineDescription Machine { get; init; }

    public required int Seed { get; init; }

    /// <summary>Sampling temperature of the replies.</summary>
    public double Temperature { get; init; }

    /// <summary>Opens every prompt, so that no cache of an earlier benchmark holds it.</summary>
    public required string Nonce { get; init; }

    public required IReadOnlyDictionary<string, int> Sizes { get; init; }

    /// <summary>How words became tokens; measured on A. Null when it came not so far.</summary>
    public PromptScale? PromptScale { get; set; }

    /// <summary>True when it was stopped (Ctrl-C) before its end.</summary>
    public bool Cancelled { get; set; }

    /// <summary>Why it ended early, other than by being stopped.</summary>
    public string? Error { get; set; }

    public IList<TargetReport> Targets { get; init; } = [];

    public IList<string> Warnings { get; init; } = [];

    public IList<ScenarioReport> Scenarios { get; init; } = [];

    /// <summary>Did everything run that was asked for and could?</summary>
    internal bool Failed => Error is not null || Scenarios.Any(scenario => scenario.Runs.Any(run => run.Error is not null));
}

/// <summary>A server.</summary>
/// <param name="Label"><c>A</c> or <c>B</c>.</param>
/// <param name="Url">Its address.</param>
/// <param name="Kind">What it can do.</param>
/// <param name="Model">File name or id of its model, without folders.</param>
/// <param name="Build">Its version, where it tells.</param>
/// <param name="Command">The command that started it, when it was started here.</param>
public sealed record TargetReport(string Label, string Url, TargetKind Kind, string Model, string? Build, string? Command);

/// <summary>A scenario with all its runs.</summary>
public sealed record ScenarioReport
{
    public required string Name { get; init; }

    public required string Description { get; init; }

    /// <summary>Why it did not run on a server, by label.</summary>
    public IDictionary<string, string> Skipped { get; init; } = new SortedDictionary<string, string>(StringComparer.Ordinal);

    /// <summary>In the order in which they were made.</summary>
    public IList<RunReport> Runs { get; init; } = [];

    /// <summary>Medians and ratios.</summary>
    public IReadOnlyList<FigureSummary> Summary { get; set; } = [];
}

/// <summary>One run of a scenario on one server.</summary>
public sealed record RunReport
{
    /// <summary>From 1; the same number on both servers are neighbours in time.</summary>
    public required int Run { get; init; }

    /// <summary><c>A</c> or <c>B</c>.</summary>
    public required string Target { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Its length.</summary>
    public double Seconds { get; init; }

    /// <summary>Why it gave no figures.</summary>
    public string? Error { get; init; }

    public IReadOnlyList<Figure> Figures { get; init; } = [];

    public IReadOnlyList<string> Warnings { get; init; } = [];

    public IReadOnlyList<ReplyReport> Replies { get; init; } = [];
}
