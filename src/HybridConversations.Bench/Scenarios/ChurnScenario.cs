using HybridConversations.Bench.Http;
using HybridConversations.Bench.Statistics;

namespace HybridConversations.Bench.Scenarios;

/// <summary><c>churn</c>: bursts of requests whose clients leave at random; is the server free and as fast as before afterwards?</summary>
internal sealed class ChurnScenario : IScenario
{
    private const int ProbesBefore = 3;

    public string Name => "churn";

    public string Describe(BenchSizes sizes) =>
        $"{sizes.Bursts} times: {sizes.BurstRequests} requests cancelled at random within {sizes.BurstTime.TotalSeconds:0.###} s, then one stream alone; and again, then until the server is idle";

    public string? Unfit(Target target, bool owned) => null;

    public async Task<Measurement> Run(ScenarioContext context, CancellationToken cancellationToken)
    {
        var before = new List<ReplyTrace>();
        var after = new List<ReplyTrace>();
        var idle = new List<double>();
        for (var probe = 0; probe < ProbesBefore; probe++)
        {
            context.Report("before");
            before.Add(await Probe(context, $"before/{probe}", cancellationToken));
        }

        var burst = new ChurnBurst(context);
        for (var index = 0; index < context.Sizes.Bursts; index++)
        {
            context.Report($"burst {index + 1} of {context.Sizes.Bursts}, {burst.Cancelled} cancelled");
            await burst.Run($"{index}/probed", cancellationToken);
            after.Add(await Probe(context, $"after/{index}", cancellationToken));
            await burst.Run($"{index}/watched", cancellationToken);
            if (await IdleAfter.Milliseconds(context, cancellationToken) is { } milliseconds)
            {
                idle.Add(milliseconds);
            }
        }

        return Measure(context, before, after, idle, burst);
    }

    private static Task<ReplyTrace> Probe(ScenarioContext context, string key, CancellationToken cancellationToken) =>
        context.Chat.Ask(
            new BenchRequest("probe", context.Prompts.Chat(context.Sizes.ShortPrompt, $"{context.Key}/{key}").Messages, context.Sizes.DecodeTokens), cancellationToken);

    private static Measurement Measure(ScenarioContext context, List<ReplyTrace> before, List<ReplyTrace> after, List<double> idle, ChurnBurst burst)
    {
        var rateBefore = Rates(context, before);
        var rateAfter = Rates(context, after);
        var idles = new Samples(idle);
        var figures = new FigureList()
            .Add("decode before", "tokens/s", Better.Higher, rateBefore.Median, rateBefore.Count)
            .Add("decode after a burst", "tokens/s", Better.Higher, rateAfter.Median, rateAfter.Count)
            .Add("after / before", "", Better.Higher, rateAfter.Median / rateBefore.Median, rateAfter.Count)
            .Add("first token before", "ms", Better.Lower, FirstTokens(before).Median, before.Count)
            .Add("first token right after a burst", "ms", Better.Lower, FirstTokens(after).Median, after.Count)
            .Add("idle after a burst", "ms", Better.Lower, idles.Median, idles.Count)
            .Add("idle after a burst, longest", "ms", Better.Lower, idles.Max, idles.Count)
            .Add("cancelled", "requests", Better.Neither, burst.Cancelled, burst.Requests)
            .Add("refused as too busy", "requests", Better.Neither, burst.Refused, burst.Requests)
            .Add("errors", "requests", Better.Lower, burst.Errors.Count, burst.Requests);
        return new Measurement(figures.Figures, [.. before, .. after])
        {
            Warnings = [.. ReplyChecks.Of([.. before, .. after], context.Sizes.DecodeTokens), .. burst.Errors.Distinct().Take(3)],
        };
    }

    private static Samples Rates(ScenarioContext context, IEnumerable<ReplyTrace> replies) =>
        new(replies.Select(reply => DecodeRate.Steady([reply], context.Clock)).OfType<double>());

    private static Samples FirstTokens(IEnumerable<ReplyTrace> replies) => new(replies.Select(reply => reply.FirstTokenMs).OfType<double>());
}
