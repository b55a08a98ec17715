using HybridConversations.Bench.Http;
using HybridConversations.Bench.Statistics;

namespace HybridConversations.Bench.Scenarios;

/// <summary><c>decode-N</c>: N streams that begin together, short prompts, long replies.</summary>
internal sealed class DecodeScenario(int streams) : IScenario
{
    public string Name => $"decode-{streams}";

    public string Describe(BenchSizes sizes) =>
        $"{streams} {(streams == 1 ? "stream" : "streams at once")}, {sizes.ShortPrompt} prompt tokens, {sizes.DecodeTokens} tokens of reply each";

    public string? Unfit(Target target, bool owned) => null;

    public async Task<Measurement> Run(ScenarioContext context, CancellationToken cancellationToken)
    {
        var sizes = context.Sizes;
        var rounds = Math.Max(1, (sizes.DecodeReplies + streams - 1) / streams);
        var replies = new List<ReplyTrace>();
        var steady = new List<double>();
        var whole = new List<double>();
        for (var round = 0; round < rounds; round++)
        {
            context.Report($"round {round + 1} of {rounds}");
            var together = await Task.WhenAll(Enumerable.Range(0, streams).Select(stream => context.Chat.Ask(
                new BenchRequest("decode", context.Prompts.Chat(sizes.ShortPrompt, $"{context.Key}/{round}/{stream}").Messages, sizes.DecodeTokens), cancellationToken)));
            replies.AddRange(together);
            whole.Add(DecodeRate.Whole(together, context.Clock));
            if (DecodeRate.Steady(together, context.Clock) is { } rate)
            {
                steady.Add(rate);
            }
        }

        var fullLength = replies.All(reply => reply.CompletionTokens >= sizes.DecodeTokens);
        var gaps = new Samples(replies.SelectMany(reply => reply.GapsMs));
        var figures = new FigureList()
            .Add("decode", "tokens/s", Better.Higher, new Samples(steady).Median, steady.Count, fullLength)
            .Add("with prompts", "tokens/s", Better.Higher, new Samples(whole).Median, whole.Count, fullLength)
            .AddPercentiles("gap", "ms", Better.Lower, gaps, 0.5, 0.99)
            .AddPercentiles("first token", "ms", Better.Lower, new Samples(replies.Select(reply => reply.FirstTokenMs).OfType<double>()), 0.5);
        return new Measurement(figures.Figures, replies) { Warnings = ReplyChecks.Of(replies, sizes.DecodeTokens) };
    }
}
