using System.Globalization;

namespace HybridConversations.Bench.Scenarios;

/// <summary>Every scenario by its name.</summary>
public static class ScenarioCatalog
{
    private const string All = "all";
    private const string DecodePrefix = "decode-";
    private const int MostStreams = 256;

    private static readonly IScenario[] Known =
    [
        new DecodeScenario(1), new DecodeScenario(4), new DecodeScenario(8), new DecodeScenario(16), new MixedScenario(), new ResumeScenario(),
        new RestartScenario(), new SharedPrefixScenario(), new ChurnScenario(), new SpokenScenario(),
    ];

    /// <summary>Names and what each does with its default sizes, in the order in which <c>all</c> runs them.</summary>
    public static IReadOnlyList<(string Name, string Description)> Descriptions { get; } =
        [.. Known.Select(scenario => (scenario.Name, scenario.Describe(BenchSizes.Default)))];

    /// <summary>The scenarios of these names, each once; what is wrong with the names is added to <paramref name="errors"/>.</summary>
    internal static IReadOnlyList<IScenario> Resolve(IReadOnlyList<string> names, ICollection<string> errors)
    {
        if (names.Count == 0)
        {
            errors.Add($"No scenario is named: give one or more of {Names}, or {All}.");
        }

        var found = new List<IScenario>();
        foreach (var name in names)
        {
            if (name == All)
            {
                found.AddRange(Known);
            }
            else if ((Known.FirstOrDefault(scenario => scenario.Name == name) ?? OtherDecode(name)) is { } scenario)
            {
                found.Add(scenario);
            }
            else
            {
                errors.Add($"There is no scenario '{name}': there are {Names} (any decode-N with N up to {MostStreams}), and {All}.");
            }
        }

        return [.. found.DistinctBy(scenario => scenario.Name)];
    }

    private static string Names => string.Join(", ", Known.Select(scenario => scenario.Name));

    private static DecodeScenario? OtherDecode(string name) =>
        name.StartsWith(DecodePrefix, StringComparison.Ordinal)
        && int.TryParse(name.AsSpan(DecodePrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var streams) && streams is >= 1 and <= MostStreams
            ? new DecodeScenario(streams)
            : null;
}
