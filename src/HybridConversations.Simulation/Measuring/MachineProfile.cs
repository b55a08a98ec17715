namespace HybridConversations.Simulation.Measuring;

/// <summary>
/// What a machine was measured to take, and with it a prediction of what was not measured: between the row counts that were measured linearly, and by the tokens held
/// linearly from the shorter to the longer context.
/// </summary>
/// <param name="Name">Model and backend.</param>
/// <param name="Steps">Measured steps, by rising rows; each at both contexts.</param>
/// <param name="ShortContext">Tokens that each row held, fewer.</param>
/// <param name="LongContext">Tokens that each row held, more.</param>
/// <param name="ReadMsPerToken">Of a prompt.</param>
public sealed record MachineProfile(string Name, IReadOnlyList<MeasuredStep> Steps, int ShortContext, int LongContext, double ReadMsPerToken)
{
    /// <summary>Milliseconds of a step.</summary>
    public double StepMs(int rows, double context)
    {
        var high = 1;
        while (high < Steps.Count - 1 && Steps[high].Rows < rows)
        {
            high++;
        }

        var (a, b) = (Steps[high - 1], Steps[high]);
        var share = (rows - a.Rows) / (double)(b.Rows - a.Rows);
        return Math.Max(0.001, At(a, context) + (share * (At(b, context) - At(a, context))));
    }

    /// <summary>Tokens a second of all streams together.</summary>
    public double TokensPerSecond(int streams, double context) => 1000 * streams / StepMs(streams, context);

    private double At(MeasuredStep step, double context) =>
        step.ShortMs + ((step.LongMs - step.ShortMs) * (context - ShortContext) / (LongContext - ShortContext));
}

/// <param name="Rows">Sequences in the step.</param>
/// <param name="ShortMs">Median, with few tokens held.</param>
/// <param name="LongMs">Median, with many.</param>
public sealed record MeasuredStep(int Rows, double ShortMs, double LongMs);
