using HybridConversations.Bench.Http;
using HybridConversations.Bench.Prompts;
using HybridConversations.Bench.Reports;
using HybridConversations.Bench.Scenarios;
using HybridConversations.Bench.Servers;
using HybridConversations.Bench.Statistics;

namespace HybridConversations.Bench;

/// <summary>
/// <c>hc bench</c>: measures one or two servers, in turn, with the same prompts, and writes a table, a JSON file and a plot. Use once.
/// </summary>
/// <param name="options">What to measure; must be valid (<see cref="BenchOptions.Validate"/>).</param>
/// <param name="output">Takes the table.</param>
/// <param name="progress">Takes what is being done.</param>
/// <param name="terminal">Is <paramref name="progress"/> a terminal?</param>
public sealed class LoadBenchmark(BenchOptions options, TextWriter output, TextWriter progress, bool terminal)
{
    /// <summary>Everything ran.</summary>
    public const int Done = 0;

    /// <summary>A server failed.</summary>
    public const int Failed = 1;

    /// <summary>The options are wrong.</summary>
    public const int WrongOptions = 2;

    /// <summary>It was stopped (128 + SIGINT).</summary>
    public const int Stopped = 130;

    private readonly TimeProvider _clock = TimeProvider.System;
    private readonly BenchProgress _progress = new(progress, terminal, TimeProvider.System);

    /// <summary>Runs all. When it is cancelled it stops at once and still writes what it has.</summary>
    /// <returns>The process's exit code: <see cref="Done"/>, <see cref="Failed"/>, <see cref="WrongOptions"/> or <see cref="Stopped"/>.</returns>
    public async Task<int> Run(CancellationToken cancellationToken)
    {
        var errors = options.Validate();
        if (errors.Count > 0)
        {
            foreach (var error in errors)
            {
                await progress.WriteLineAsync(error);
            }

            return WrongOptions;
        }

        var report = NewReport();
        try
        {
            await Measure(report, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            report.Cancelled = true;
        }
        catch (TargetException exception)
        {
            report.Error = exception.Message;
        }

        report.EndedAt = _clock.GetUtcNow();
        _progress.End();
        Write(report);
        return report.Cancelled ? Stopped : report.Failed ? Failed : Done;
    }

    private BenchReport NewReport() => new()
    {
        Version = typeof(LoadBenchmark).Assembly.GetName().Version?.ToString(3) ?? "0",
        StartedAt = _clock.GetUtcNow(),
        CommandLine = CommandLineText.Of(options.CommandLine, options.Key),
        Machine = MachineDescription.Read(),
        Seed = options.Seed,
        Temperature = options.Temperature,
        Nonce = Guid.NewGuid().ToString("N")[..12],
        Sizes = BenchSizes.All.ToDictionary(size => size.Name, size => options.Sizes[size.Name]),
    };

    private async Task Measure(BenchReport report, CancellationToken cancellationToken)
    {
        await using var a = new Contestant("A", options.Url!, options.Start, options, _clock);
        await using var b = options.Against is { } against ? new Contestant("B", against, options.StartAgainst, options, _clock) : null;
        Contestant[] contestants = b is null ? [a] : [a, b];
        foreach (var contestant in contestants)
        {
            _progress.Begin($"{contestant.Endpoint.Name}: looking");
            var target = await contestant.Open(cancellationToken);
            report.Targets.Add(contestant.Describe());
            if (!target.TakesExtensions)
            {
                report.Warnings.Add($"{contestant.Endpoint.Name} refuses ignore_eos and priority: its replies may end early.");
            }
        }

        var scale = await Calibrate(report, contestants, cancellationToken);
        var runner = new ScenarioRunner(options, report, new PromptMaker(scale, options.Seed, report.Nonce), _progress, _clock);
        var scenarios = ScenarioCatalog.Resolve(options.Scenarios, []);
        for (var index = 0; index < scenarios.Count; index++)
        {
            await runner.Run(scenarios[index], $"[{index + 1}/{scenarios.Count}] ", contestants, cancellationToken);
        }
    }

    private async Task<PromptScale> Calibrate(BenchReport report, Contestant[] contestants, CancellationToken cancellationToken)
    {
        const int Words = 8;
        const double Tolerance = 0.02;
        _progress.Begin("counting the tokens of words");
        var calibration = new PromptCalibration(options.Seed, report.Nonce, _clock);
        var scale = await calibration.Measure(contestants[0].Target, cancellationToken);
        report.PromptScale = scale;
        if (contestants.Length == 2)
        {
            var a = await calibration.Tokens(contestants[0].Target, Words, cancellationToken);
            var b = await calibration.Tokens(contestants[1].Target, Words, cancellationToken);
            if (Math.Abs(a - b) > Tolerance * a)
            {
                report.Warnings.Add($"A counts {a} tokens where B counts {b} in the same prompt: their model or chat template differs.");
            }
        }

        return scale;
    }

    private void Write(BenchReport report)
    {
        foreach (var scenario in report.Scenarios)
        {
            scenario.Summary = FigureSummary.Of(RunsOf(scenario, "A"), RunsOf(scenario, "B"));
        }

        if (options.Out is { } file)
        {
            ReportFile.Write(file, ReportFile.ToJson(report));
        }

        if (options.Plot is { } plot)
        {
            if (GapPlot.Draw(report) is { } svg)
            {
                ReportFile.Write(plot, svg);
            }
            else
            {
                report.Warnings.Add($"{plot} is not written: the plot is of 'mixed', which gave nothing.");
            }
        }

        ReportTable.Write(report, output);
        output.Flush();
    }

    /// <summary>Figures by run number; a run that failed or never was is empty, so that neighbours stay neighbours.</summary>
    private IReadOnlyList<Figure>[] RunsOf(ScenarioReport scenario, string target) =>
    [
        .. Enumerable.Range(1, options.Runs).Select(number =>
            scenario.Runs.FirstOrDefault(run => run.Run == number && run.Target == target)?.Figures ?? []),
    ];
}
