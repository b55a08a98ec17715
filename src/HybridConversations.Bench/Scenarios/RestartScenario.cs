using HybridConversations.Bench.Http;
using HybridConversations.Bench.Statistics;

namespace HybridConversations.Bench.Scenarios;

/// <summary><c>restart</c>: the server is killed in the middle of conversations and started again; what does their next turn cost?</summary>
internal sealed class RestartScenario : IScenario
{
    public string Name => "restart";

    public string Describe(BenchSizes sizes) =>
        $"{sizes.RestartConversations} conversations of {sizes.History} tokens; {sizes.Settle.TotalSeconds:0.###} s later the server is killed (SIGKILL) and started again; their next turns";

    public string? Unfit(Target target, bool owned) =>
        owned ? null : $"the server must be killed: give its command with {(target.Label == "A" ? "--start" : "--start-against")}";

    public async Task<Measurement> Run(ScenarioContext context, CancellationToken cancellationToken)
    {
        var server = context.Server ?? throw new InvalidOperationException("A server that was not started here cannot be killed.");
        var run = new RestartRun(context);
        try
        {
            await run.Begin(cancellationToken);
            context.Report("settling");
            await Task.Delay(context.Sizes.Settle, context.Clock, cancellationToken);
            context.Report("killed, starting again");
            await server.Kill(cancellationToken);
            var ready = await server.Start(cancellationToken);
            await run.GoOn(cancellationToken);
            return Measure(run, ready);
        }
        finally
        {
            await run.Forget();
        }
    }

    private static Measurement Measure(RestartRun run, TimeSpan ready)
    {
        var first = FirstTokens(run.FirstReads);
        var running = FirstTokens(run.WhileRunning);
        var restored = new Samples(run.AfterRestart.Zip(run.RestoreMs, (reply, restore) => reply.FirstTokenMs + restore).OfType<double>());
        var read = new Samples(run.AfterRestart.Select(reply => (double?)reply.Usage?.ReadTokens).OfType<double>());
        var figures = new FigureList()
            .Add("ready after the start", "ms", Better.Lower, ready.TotalMilliseconds, 1)
            .Add("first read, first token", "ms", Better.Lower, first.Median, first.Count)
            .Add("next turn while running, first token", "ms", Better.Lower, running.Median, running.Count)
            .Add("next turn after restart, first token", "ms", Better.Lower, restored.Median, restored.Count)
            .Add("the very first of them", "ms", Better.Lower, run.AfterRestart[0].FirstTokenMs + run.RestoreMs[0], 1)
            .Add("after restart / first read", "", Better.Lower, restored.Median / first.Median, restored.Count)
            .Add("tokens read again", "tokens", Better.Lower, read.Median, read.Count)
            .Add("prompt tokens cached", "share", Better.Higher, ResumeScenario.CachedShare(run.AfterRestart), run.AfterRestart.Count);
        if (run.UsesSlotFiles)
        {
            figures.Add("of which restoring a slot", "ms", Better.Neither, new Samples(run.RestoreMs).Median, run.RestoreMs.Count);
        }

        return new Measurement(figures.Figures, [.. run.FirstReads, .. run.WhileRunning, .. run.AfterRestart]) { Warnings = ReplyChecks.Of(run.FirstReads, 1) };
    }

    private static Samples FirstTokens(IEnumerable<ReplyTrace> replies) => new(replies.Select(reply => reply.FirstTokenMs).OfType<double>());
}
