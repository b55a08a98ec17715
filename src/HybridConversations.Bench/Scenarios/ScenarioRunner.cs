using HybridConversations.Bench.Http;
using HybridConversations.Bench.Prompts;
using HybridConversations.Bench.Reports;
using HybridConversations.Bench.Servers;

namespace HybridConversations.Bench.Scenarios;

/// <summary>Runs a scenario as often as asked on each server, in turn, and writes every run into the report.</summary>
internal sealed class ScenarioRunner(BenchOptions options, BenchReport report, PromptMaker prompts, BenchProgress progress, TimeProvider clock)
{
    private const int WarmUpPrompt = 32;
    private const int WarmUpTokens = 16;

    /// <summary>A before B in odd runs, B before A in even ones: what changes with time meets both.</summary>
    public async Task Run(IScenario scenario, string position, IReadOnlyList<Contestant> contestants, CancellationToken cancellationToken)
    {
        var section = new ScenarioReport { Name = scenario.Name, Description = scenario.Describe(options.Sizes) };
        report.Scenarios.Add(section);
        var fit = contestants.Where(contestant => Fit(scenario, contestant, section)).ToArray();
        for (var number = 1; number <= options.Runs; number++)
        {
            foreach (var contestant in number % 2 == 1 ? fit : fit.Reverse())
            {
                progress.Begin($"{position}{scenario.Name}, run {number} of {options.Runs}, {contestant.Endpoint.Name}");
                var run = await RunOnce(scenario, number, contestant, cancellationToken);
                section.Runs.Add(run);
                progress.Say($"{position}{scenario.Name}, run {number} of {options.Runs}, {contestant.Endpoint.Label}: {run.Error ?? $"{run.Seconds:0.0} s"}");
            }
        }
    }

    private static bool Fit(IScenario scenario, Contestant contestant, ScenarioReport section)
    {
        var reason = scenario.Unfit(contestant.Target, contestant.Server is not null);
        if (reason is not null)
        {
            section.Skipped[contestant.Endpoint.Label] = reason;
        }

        return reason is null;
    }

    private async Task<RunReport> RunOnce(IScenario scenario, int number, Contestant contestant, CancellationToken cancellationToken)
    {
        var key = $"{scenario.Name}/{number}";
        var context = new ScenarioContext
        {
            Target = contestant.Target,
            Sizes = options.Sizes,
            Prompts = prompts,
            Key = key,
            ConversationPrefix = $"bench-{report.Nonce}-{scenario.Name}-{number}",
            Seed = options.Seed,
            Runs = options.Runs,
            Clock = clock,
            Report = progress.Report,
            Server = contestant.Server,
            ChatOnly = options.ChatOnly,
        };
        var startedAt = clock.GetUtcNow();
        var started = clock.GetTimestamp();
        try
        {
            await context.Chat.Ask(new BenchRequest("warm-up", prompts.Chat(WarmUpPrompt, $"{key}/warm-up").Messages, WarmUpTokens), cancellationToken);
            started = clock.GetTimestamp();
            var measured = await scenario.Run(context, cancellationToken);
            return new RunReport
            {
                Run = number,
                Target = contestant.Endpoint.Label,
                StartedAt = startedAt,
                Seconds = clock.GetElapsedTime(started).TotalSeconds,
                Figures = measured.Figures,
                Warnings = measured.Warnings,
                Replies = [.. measured.Replies.Select(reply => ReplyReport.Of(reply, started, clock))],
            };
        }
        catch (TargetException exception)
        {
            return new RunReport
            {
                Run = number,
                Target = contestant.Endpoint.Label,
                StartedAt = startedAt,
                Seconds = clock.GetElapsedTime(started).TotalSeconds,
                Error = exception.Message,
            };
        }
    }
}
