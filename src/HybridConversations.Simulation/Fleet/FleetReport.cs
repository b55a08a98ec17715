using System.Globalization;
using HybridConversations.Simulation.Plots;

namespace HybridConversations.Simulation.Fleet;

/// <summary>What a simulated fleet did, as text and as pictures.</summary>
public static class FleetReport
{
    /// <summary>Writes the result.</summary>
    public static void Write(FleetResult result, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(writer);
        var scenario = result.Scenario;
        Line($"{scenario.Shapes.Count} devices, {scenario.Conversations} conversations in {scenario.Hours} h, seed {scenario.Seed}");
        Line($"Turns               {result.Turns}: {result.Local} answered by devices, {result.Cloud} by the cloud ({Share(result.Cloud, result.Turns):P1}), {result.Refused} refused, {result.Retried} sent again, {result.BargeIns} interrupted");
        Line($"First token, ms     p50 {result.FirstTokenMs.P50:0}, p95 {result.FirstTokenMs.P95:0}, p99 {result.FirstTokenMs.P99:0}");
        Line($"Answer, ms          p50 {result.AnswerMs.P50:0}, p95 {result.AnswerMs.P95:0}, p99 {result.AnswerMs.P99:0} (whole, or its first 50 tokens)");
        Line($"Within {scenario.BudgetSeconds} s          {result.WithinBudget:P1}");
        Line($"Waiting, ms         p50 {result.QueuedMs.P50:0}, p95 {result.QueuedMs.P95:0}, p99 {result.QueuedMs.P99:0}");
        Line($"Devices computed    {result.Utilisation:P1} of the time, the busiest {result.BusiestDevice:P1}");
        var prompt = result.Prompt;
        Line($"Prompt tokens       resident {Share(prompt.Resident, prompt.All):P1}, parked {Share(prompt.Parked, prompt.All):P1}, snapshot {Share(prompt.Snapshot, prompt.All):P1}, shared beginning {Share(prompt.Shared, prompt.All):P1}, read {Share(prompt.Read, prompt.All):P1}");
        Line($"Later turns         {result.Stayed:P1} answered where the conversation's KV was");
        Line($"Cloud               {result.CloudTokensSent} tokens sent, {result.CloudTokensGot} got, {result.CloudCost:0.00} at {scenario.CloudInputPrice} and {scenario.CloudOutputPrice} a million");
        Line($"Messages a second   {result.Messages.Reports:0} reports ({result.Messages.ReportedDevices:0} device records in their answers), {result.Messages.TurnCalls:0} of turns, {result.Messages.RedisWrites:0} writes to Redis");

        void Line(FormattableString text) => writer.WriteLine(text.ToString(CultureInfo.InvariantCulture));
        static double Share(long part, long all) => all == 0 ? 0 : (double)part / all;
    }

    /// <summary>First token at p95 and the share within the budget over time, an SVG.</summary>
    public static string Plot(FleetResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        var chart = new SvgChart($"{result.Scenario.Shapes.Count} devices, {result.Scenario.Conversations} conversations", "hours", "first token, p95, ms; answers within the budget, % × 10");
        chart.Add("first token, p95, ms", result.Timeline.Select(point => (point.Hours, point.FirstTokenP95)));
        chart.Add("answers within the budget, % × 10", result.Timeline.Select(point => (point.Hours, 1000 * point.WithinBudget)));
        return chart.Render();
    }
}
