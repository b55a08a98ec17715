using HybridConversations.Inference.Engine;

namespace HybridConversations.Simulation.Measuring;

/// <summary>The mission's measurements: answers of 30, 50 and 100 tokens alone, and how much is written with 1 to 16 at once. Medians of rounds that take turns.</summary>
public static class BoardBench
{
    /// <summary>Tokens that a person says before an answer.</summary>
    public const int SaidTokens = 30;

    private const int ReplyTokens = 64;

    /// <summary>Lengths of an answer.</summary>
    public static IReadOnlyList<int> AnswerTokens { get; } = [30, 50, 100];

    /// <summary>Replies at once.</summary>
    public static IReadOnlyList<int> Streams { get; } = [1, 2, 4, 8, 16];

    /// <param name="engine">Nobody else should use it meanwhile.</param>
    /// <param name="rounds">At least 1.</param>
    /// <param name="streams">Replies at once; null: as many of <see cref="Streams"/> as it takes.</param>
    /// <param name="sensors">Looks at the board.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<BoardFigures> Measure(
        InferenceEngine engine, int rounds, IReadOnlyList<int>? streams = null, Func<MachineSensors?>? sensors = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(engine);
        ArgumentOutOfRangeException.ThrowIfLessThan(rounds, 1);
        var most = Math.Min(engine.Options.Scheduler.MaxRunning, Math.Min(engine.Backend.Info.MaxSequences - 1, engine.Backend.Info.Cells / (SaidTokens + ReplyTokens + 1)));
        var counts = (streams ?? Streams).Where(count => count <= most).ToList();
        await AnswerTime.Measure(engine, SaidTokens, 8, cancellationToken); // kernels, threads and pages
        var before = sensors?.Invoke();
        var answers = new List<AnswerTime>();
        var together = new List<EngineThroughput>();
        for (var round = 0; round < rounds; round++)
        {
            foreach (var tokens in AnswerTokens)
            {
                answers.Add(await AnswerTime.Measure(engine, SaidTokens, tokens, cancellationToken));
            }

            foreach (var count in counts)
            {
                together.Add(await EngineThroughput.Measure(engine, count, SaidTokens, ReplyTokens, cancellationToken));
            }
        }

        return new BoardFigures(
            engine.Backend.Info.ModelName, $"{engine.Backend.Info.Description}, {engine.Backend.Info.Backend}",
            [.. answers.GroupBy(answer => answer.Tokens).Select(group => new AnswerTime(group.Key, MachineCalibration.Median(group.Select(a => a.FirstTokenMs)), MachineCalibration.Median(group.Select(a => a.Seconds))))],
            [.. together.GroupBy(run => run.Streams).Select(group => new EngineThroughput(group.Key, MachineCalibration.Median(group.Select(run => run.StepMs)), MachineCalibration.Median(group.Select(run => run.ReadMsPerToken))))],
            before, sensors?.Invoke());
    }
}
