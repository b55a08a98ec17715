using HybridConversations.Bench.Statistics;

namespace HybridConversations.Bench.Reports;

/// <summary>The report as a plain text table.</summary>
internal static class ReportTable
{
    private const string Nothing = "–";

    public static void Write(BenchReport report, TextWriter output)
    {
        foreach (var target in report.Targets)
        {
            output.WriteLine($"{target.Label}: {target.Url} {Kind(target)}, model {target.Model}");
        }

        output.WriteLine($"{report.Machine.Cpu}, {report.Machine.Cores} cores, {report.Machine.Os}; seed {report.Seed}, temperature {report.Temperature}");
        foreach (var scenario in report.Scenarios)
        {
            output.WriteLine();
            output.WriteLine($"{scenario.Name}: {scenario.Description}");
            WriteScenario(scenario, report.Targets.Count > 1, output);
        }

        foreach (var warning in report.Warnings)
        {
            output.WriteLine($"! {warning}");
        }

        if (report.Cancelled)
        {
            output.WriteLine("! Stopped before its end: what had been measured is above.");
        }

        if (report.Error is { } error)
        {
            output.WriteLine($"! {error}");
        }
    }

    private static void WriteScenario(ScenarioReport scenario, bool two, TextWriter output)
    {
        if (scenario.Summary.Count > 0)
        {
            var rows = new List<string[]> { Header(two) };
            rows.AddRange(scenario.Summary.Select(figure => Row(figure, two)));
            TextTable.Write(rows, output);
            if (scenario.Summary.Any(figure => !figure.Enough))
            {
                output.WriteLine("  ? too few samples for this figure in a run, or replies that are too short for it");
            }
        }

        foreach (var (target, reason) in scenario.Skipped)
        {
            output.WriteLine($"  {target} is left out: {reason}");
        }

        foreach (var run in scenario.Runs.Where(run => run.Error is not null))
        {
            output.WriteLine($"  ! run {run.Run} of {run.Target} failed: {run.Error}");
        }

        foreach (var warning in scenario.Runs.SelectMany(run => run.Warnings.Select(text => $"{run.Target}: {text}")).Distinct())
        {
            output.WriteLine($"  ! {warning}");
        }
    }

    private static string[] Header(bool two) =>
        two ? ["figure (median of the runs)", "unit", "better", "A", "B", "A / B", "by run", "samples"] : ["figure (median of the runs)", "unit", "better", "A", "samples"];

    private static string[] Row(FigureSummary figure, bool two)
    {
        var name = figure.Enough ? figure.Name : figure.Name + " ?";
        var better = figure.Better == Better.Neither ? "" : figure.Better == Better.Lower ? "lower" : "higher";
        return two
            ? [name, figure.Unit, better, Number(figure.A), Number(figure.B), Number(figure.Ratio), Range(figure), $"{figure.SamplesA}, {figure.SamplesB}"]
            : [name, figure.Unit, better, Number(figure.A), $"{figure.SamplesA}"];
    }

    private static string Kind(TargetReport target) => target.Kind switch
    {
        Http.TargetKind.HybridConversations => "hc serve",
        Http.TargetKind.LlamaServer => $"llama-server {target.Build}".TrimEnd(),
        _ => "OpenAI-compatible server",
    };

    private static string Range(FigureSummary figure) => figure is { RatioMin: { } min, RatioMax: { } max } && min != max ? $"{Number(min)}–{Number(max)}" : "";

    /// <summary>Three digits, or all before the point.</summary>
    private static string Number(double? number) => number switch
    {
        null => Nothing,
        0 => "0",
        { } value when Math.Abs(value) >= 100 => value.ToString("0"),
        { } value when Math.Abs(value) >= 10 => value.ToString("0.0"),
        { } value when Math.Abs(value) >= 1 => value.ToString("0.00"),
        { } value => value.ToString("0.000"),
    };
}
