using System.Globalization;
using HybridConversations.Simulation.Planning;

namespace HybridConversations.Simulation.Measuring;

/// <summary>What was measured on a board as a table in Markdown, to be sent back, beside what was planned.</summary>
public static class BoardReport
{
    /// <param name="figures">Measured.</param>
    /// <param name="plan">What <c>hc plan</c> expects of the same; null where the board is not in the catalogue.</param>
    /// <param name="writer">Where it goes.</param>
    public static void Write(BoardFigures figures, DevicePlan? plan, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(figures);
        ArgumentNullException.ThrowIfNull(writer);
        Line($"## {figures.Model}");
        Line($"");
        Line($"{figures.Backend}.");
        Line($"");
        Board(figures, Line);
        Line($"| tokens of an answer | first token, ms | whole, s | planned, s (nine of ten between) |");
        Line($"|---|---|---|---|");
        foreach (var answer in figures.Answers)
        {
            Line($"| {answer.Tokens} | {answer.FirstTokenMs:0} | {answer.Seconds:0.00} | {Of(plan?.Answers.FirstOrDefault(point => point.Tokens == answer.Tokens)?.Seconds)} |");
        }

        Line($"");
        Line($"| at once | tok/s together | a step, ms | planned, tok/s together |");
        Line($"|---|---|---|---|");
        foreach (var run in figures.Together)
        {
            Line($"| {run.Streams} | {run.TokensPerSecond:0.0} | {run.StepMs:0.0} | {Of(plan?.Together.FirstOrDefault(point => point.Streams == run.Streams)?.TokensPerSecond)} |");
        }

        Line($"");
        Line($"Prompts: {1000 / figures.Together[0].ReadMsPerToken:0} tokens a second ({BoardBench.SaidTokens} at a time). {(plan is null ? "Nothing was planned: the board is not in the catalogue (`hc plan --list`); `--device` names one." : $"Planned for {plan.Setup.Device.Name}, GPU at {plan.Setup.Device.GpuGhz:0.000} GHz, {plan.Setup.Device.BandwidthGbs:0.0} GB/s.")}");

        void Line(FormattableString text) => writer.WriteLine(text.ToString(CultureInfo.InvariantCulture));
    }

    private static void Board(BoardFigures figures, Action<FormattableString> line)
    {
        if (figures is not { Before: { } before, After: { } after })
        {
            line($"The machine tells nothing of itself (no board's files in its /sys).");
            line($"");
            return;
        }

        line($"| board | power mode | GPU, MHz (highest) | memory, MHz | °C before, after | W before, after | slowed down | memory available, MiB |");
        line($"|---|---|---|---|---|---|---|---|");
        line($"| {before.Board ?? "?"} | {before.PowerMode ?? "?"} | {after.GpuMhz:0} ({after.GpuMaxMhz:0}) | {after.MemoryMhz:0} | {before.TemperatureC:0.0}, {after.TemperatureC:0.0} | {before.PowerW:0.0}, {after.PowerW:0.0} | {after.SlowedParts ?? before.SlowedParts ?? "no"} | {before.MemoryAvailableMib} |");
        line($"");
    }

    private static string Of(Estimate? estimate) => estimate?.ToString() ?? "–";
}
