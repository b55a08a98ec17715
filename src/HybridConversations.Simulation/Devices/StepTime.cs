using HybridConversations.Simulation.Catalogue;
using HybridConversations.Simulation.Measuring;
using HybridConversations.Simulation.Planning;

namespace HybridConversations.Simulation.Devices;

/// <summary>What a step of a device takes, from the planner or from a measurement: a table by rows and tokens held, so that a simulation asks it a million times a second.</summary>
public sealed class StepTime
{
    private const int Far = 2000;
    private readonly double[] _near;
    private readonly double[] _perToken;

    /// <param name="stepMs">Milliseconds by rows and by tokens that each row holds.</param>
    /// <param name="readMsPerToken">Of a prompt.</param>
    /// <param name="maxRows">Rows at most.</param>
    public StepTime(Func<int, int, double> stepMs, double readMsPerToken, int maxRows)
    {
        ArgumentNullException.ThrowIfNull(stepMs);
        ReadMsPerToken = readMsPerToken;
        _near = [.. Enumerable.Range(1, maxRows).Select(rows => stepMs(rows, 1))];
        _perToken = [.. Enumerable.Range(1, maxRows).Select(rows => Math.Max(0, stepMs(rows, Far) - stepMs(rows, 1)) / (Far - 1))];
    }

    public double ReadMsPerToken { get; }

    /// <summary>A step.</summary>
    /// <param name="rows">Sequences that write a token.</param>
    /// <param name="held">Tokens that they hold, all together.</param>
    /// <param name="reading">Tokens of prompts.</param>
    public double Milliseconds(int rows, long held, int reading)
    {
        var n = Math.Clamp(rows, 1, _near.Length);
        var step = _near[n - 1] + (_perToken[n - 1] * held / n);
        return rows > 0 ? step + (reading * ReadMsPerToken) : Math.Max(step, reading * ReadMsPerToken);
    }

    /// <summary>As the planner expects.</summary>
    public static StepTime Planned(Setup setup, int maxRows) => new(
        (rows, context) => DecodeModel.Default.StepMs(setup, rows, context).Value, ReadingModel.Default.ReadMs(setup, Far).Value / Far, maxRows);

    /// <summary>As was measured here.</summary>
    public static StepTime Measured(MachineProfile profile, int maxRows)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return new StepTime((rows, context) => profile.StepMs(rows, context), profile.ReadMsPerToken, maxRows);
    }
}
