using HybridConversations.Bench.Http;
using HybridConversations.Bench.Statistics;

namespace HybridConversations.Bench.Scenarios;

/// <summary><c>resume</c>: more conversations than the server has room for, one turn of each after the other.</summary>
internal sealed class ResumeScenario : IScenario
{
    private const string First = "first read";
    private const string Next = "next turn";

    public string Name => "resume";

    public string Describe(BenchSizes sizes) =>
        $"{sizes.Conversations} conversations of {sizes.History} tokens in turn, {sizes.Rounds} later turns each; start the servers with room for fewer (8)";

    public string? Unfit(Target target, bool owned) => null;

    public async Task<Measurement> Run(ScenarioContext context, CancellationToken cancellationToken)
    {
        var sizes = context.Sizes;
        var replies = new List<ReplyTrace>();
        var conversations = new List<Dialogue>();
        try
        {
            for (var index = 0; index < sizes.Conversations; index++)
            {
                context.Report($"first turns: {index} of {sizes.Conversations}");
                var prompt = context.Prompts.Chat(sizes.History, $"{context.Key}/{index}");
                conversations.Add(context.Converse($"resume-{index}", prompt.System));
                replies.Add(await conversations[^1].Say(First, prompt.User, sizes.TurnTokens, slot: null, cancellationToken));
            }

            for (var round = 0; round < sizes.Rounds; round++)
            {
                for (var index = 0; index < conversations.Count; index++)
                {
                    context.Report($"round {round + 1} of {sizes.Rounds}: {index} of {conversations.Count}");
                    var text = context.Prompts.Text(sizes.Turn, $"{context.Key}/{index}/{round}");
                    replies.Add(await conversations[index].Say(Next, text, sizes.TurnTokens, slot: null, cancellationToken));
                }
            }
        }
        finally
        {
            await Task.WhenAll(conversations.Select(conversation => conversation.Forget()));
        }

        return Measure(replies);
    }

    private static Measurement Measure(List<ReplyTrace> replies)
    {
        var firsts = replies.Where(reply => reply.Role == First).ToArray();
        var nexts = replies.Where(reply => reply.Role == Next).ToArray();
        var first = new Samples(firsts.Select(reply => reply.FirstTokenMs).OfType<double>());
        var next = new Samples(nexts.Select(reply => reply.FirstTokenMs).OfType<double>());
        var figures = new FigureList()
            .AddPercentiles("first read, first token", "ms", Better.Lower, first, 0.5)
            .AddPercentiles("next turn, first token", "ms", Better.Lower, next, 0.5, 0.95)
            .Add("next turn / first read", "", Better.Lower, next.Median / first.Median, next.Count)
            .Add("next turn, prompt tokens cached", "share", Better.Higher, CachedShare(nexts), nexts.Length);
        foreach (var tier in nexts.SelectMany(reply => reply.ReusedByTier?.Keys ?? []).Distinct())
        {
            var tokens = nexts.Sum(reply => (double)(reply.ReusedByTier?.GetValueOrDefault(tier) ?? 0));
            figures.Add($"next turn, cached: {tier}", "share", Better.Neither, tokens / nexts.Sum(reply => reply.Usage?.PromptTokens ?? 0), nexts.Length);
        }

        return new Measurement(figures.Figures, replies) { Warnings = ReplyChecks.Of(firsts, 1) };
    }

    /// <summary>Null when the server does not say what it had cached.</summary>
    internal static double? CachedShare(IReadOnlyCollection<ReplyTrace> replies) =>
        replies.Count > 0 && replies.All(reply => reply.Usage?.CachedTokens is not null)
            ? replies.Sum(reply => (double)reply.Usage!.CachedTokens!) / replies.Sum(reply => (double)reply.Usage!.PromptTokens)
            : null;
}
