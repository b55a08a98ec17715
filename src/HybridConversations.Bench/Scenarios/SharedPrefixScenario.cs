using HybridConversations.Bench.Http;
using HybridConversations.Bench.Statistics;

namespace HybridConversations.Bench.Scenarios;

/// <summary><c>shared-prefix</c>: many conversations that begin with the same long system prompt.</summary>
internal sealed class SharedPrefixScenario : IScenario
{
    public string Name => "shared-prefix";

    public string Describe(BenchSizes sizes) => $"{sizes.SharedConversations} conversations, one system prompt of {sizes.SharedPrompt} tokens, a first turn each";

    public string? Unfit(Target target, bool owned) => null;

    public async Task<Measurement> Run(ScenarioContext context, CancellationToken cancellationToken)
    {
        var sizes = context.Sizes;
        var system = context.Prompts.LongSystem(sizes.SharedPrompt, $"{context.Key}/system");
        var before = await TargetLoad.Read(context.Target, cancellationToken);
        var conversations = new List<Dialogue>();
        var replies = new List<ReplyTrace>();
        try
        {
            for (var index = 0; index < sizes.SharedConversations; index++)
            {
                context.Report($"{index} of {sizes.SharedConversations}");
                conversations.Add(context.Converse($"shared-{index}", system));
                var text = context.Prompts.Text(sizes.Turn, $"{context.Key}/{index}");
                replies.Add(await conversations[^1].Say(index == 0 ? "first" : "later", text, sizes.TurnTokens, slot: null, cancellationToken));
            }

            var after = await TargetLoad.Read(context.Target, cancellationToken);
            return Measure(replies, after?.KvCellsUsed - before?.KvCellsUsed);
        }
        finally
        {
            await Task.WhenAll(conversations.Select(conversation => conversation.Forget()));
        }
    }

    private static Measurement Measure(List<ReplyTrace> replies, int? cells)
    {
        var later = replies.Skip(1).ToArray();
        var first = replies[0].FirstTokenMs;
        var laters = new Samples(later.Select(reply => reply.FirstTokenMs).OfType<double>());
        var figures = new FigureList()
            .Add("first conversation, first token", "ms", Better.Lower, first, 1)
            .AddPercentiles("later conversations, first token", "ms", Better.Lower, laters, 0.5, 0.95)
            .Add("later / first", "", Better.Lower, laters.Median / first, laters.Count)
            .Add("later conversations, prompt tokens cached", "share", Better.Higher, ResumeScenario.CachedShare(later), later.Length);
        if (cells is { } used)
        {
            figures.Add("KV cells", "tokens", Better.Lower, used, replies.Count)
                .Add("KV cells / (one copy + own tokens)", "", Better.Lower, used / LeastCells(replies), replies.Count);
        }

        return new Measurement(figures.Figures, replies) { Warnings = ReplyChecks.Of(replies.GetRange(0, 1), 1) };
    }

    /// <summary>
    /// Cells that a perfect server needs: the shared prefix once, and all else of every conversation. The prefix's length in tokens is what the later
    /// conversations found cached: it is the same for all of them, and no server can find more. Null when the server does not say, or shares nothing.
    /// </summary>
    private static double? LeastCells(List<ReplyTrace> replies)
    {
        var prefix = new Samples(replies.Skip(1).Select(reply => (double?)reply.Usage?.CachedTokens).OfType<double>()).Median;
        return prefix is > 0 and var shared
            ? shared + replies.Sum(reply => (reply.Usage?.PromptTokens ?? 0) - shared + reply.CompletionTokens)
            : null;
    }
}
