using System.Globalization;

namespace HybridConversations.Simulation.Planning;

/// <summary>A plan as text, with the reason beside each figure.</summary>
public static class PlanReport
{
    /// <summary>Writes the plan.</summary>
    public static void Write(DevicePlan plan, TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(writer);
        var (device, model, quantisation, engine) = plan.Setup;
        var options = plan.Options;
        Line($"{model.Name}, {quantisation.Id}, {engine} on {device.Name} ({device.Mode}: {device.BandwidthGbs} GB/s, {device.CudaCores} cores at {device.GpuGhz} GHz, {device.Watts} W)");
        Line($"Figures in parentheses: nine of ten measurements should lie there. {(plan.HasSeen
            ? "The engine has been seen with this kind of quantisation and model, and on this kind of device."
            : "No figure of this kind is in the catalogue: believe the intervals, not the values.")}");
        Line($"");
        Line($"No software exceeds   {plan.Roofline.BandwidthTokensPerSecond:0.0} tok/s alone ({plan.Roofline.BytesPerToken / 1e9:0.00} GB of weights a token), {plan.Roofline.ComputeTokensPerSecond:0} tok/s in a prompt or a large batch");
        Rows("Decoding, alone", plan.Alone, p => $"{p.Context,6} tokens held   {p.TokensPerSecond} tok/s");
        Rows($"Decoding, together ({options.ContextTokens} tokens held each)", plan.Together, p => $"{p.Streams,6} at once       {p.TokensPerSecond} tok/s, {p.PerStream} each");
        Rows("First token", plan.FirstToken, p => $"{p.PromptTokens,6} tokens to read {p.Milliseconds.ToString("0")} ms");
        Rows($"A whole answer (the turn adds {options.TurnTokens} tokens)", plan.Answers, p => $"{p.Tokens,6} tokens        {p.Seconds} s   {(p.KeepsBudget ? "within" : "over")} {options.BudgetSeconds} s");
        Line($"");
        Line($"Voices within {options.BudgetSeconds} s   {plan.Voices.Streams} answers of {options.AnswerTokens} tokens at once ({plan.Voices.StreamsLow}–{plan.Voices.StreamsHigh}), so {plan.Voices.Voices} people in conversation ({options.PauseSeconds} s between answers, 95 %)");
        var memory = plan.Memory;
        Line($"Memory                {device.MemoryGib} GiB: {options.ReservedGib} for the system, {memory.WeightsGib:0.00} weights, {options.ParkedGib} parked, {Math.Max(0, memory.KvGib):0.00} KV{(memory.Fits ? "" : ": THE MODEL DOES NOT FIT")}");
        Line($"KV of a conversation  {memory.KvBytesPerToken / 1024:0.0} KiB a token, {memory.KvBytesPerToken * options.ContextTokens / (1 << 20):0} MiB for {options.ContextTokens} tokens");
        Line($"Tiers hold            {memory.Resident} resident ({memory.KvCells} cells), {memory.Parked} parked, {memory.OnDisk} on {options.SnapshotGib} GiB of disk");
        Line($"To the cloud          {plan.Cloud.Share:P0} of the turns at threshold {options.Cloud.Threshold} when {options.Cloud.HardShare:P0} are hard: {plan.Cloud.CostPerThousandTurns:0.000} a thousand turns, {plan.Cloud.CostPerVoiceHour:0.0000} an hour of a voice (at {options.Cloud.InputPrice} / {options.Cloud.OutputPrice} a million tokens)");
        Line($"Power, at most        {plan.Power.JoulePerToken:0.00} J a token alone, {plan.Power.JoulePerTokenTogether:0.00} J with {Math.Max(1, plan.Voices.Streams)} streams ({plan.Power.Watts} W)");

        void Line(FormattableString text) => writer.WriteLine(text.ToString(CultureInfo.InvariantCulture).TrimEnd());

        void Rows<T>(string title, IEnumerable<T> points, Func<T, FormattableString> row)
        {
            writer.WriteLine();
            writer.WriteLine(title);
            foreach (var point in points)
            {
                writer.Write("  ");
                Line(row(point));
            }
        }
    }
}
