using HybridConversations.Bench.Http;
using HybridConversations.Bench.Statistics;

namespace HybridConversations.Bench.Scenarios;

/// <summary><c>spoken</c>: utterances that arrive word by word, with and without listening; then barge-ins at random.</summary>
internal sealed class SpokenScenario : IScenario
{
    public string Name => "spoken";

    public string Describe(BenchSizes sizes) =>
        $"utterances of {sizes.UtteranceMin} to {sizes.UtteranceMax} tokens, a word every {sizes.WordTime.TotalMilliseconds:0} ms, with and without listen; {sizes.BargeIns} barge-ins over all runs";

    public string? Unfit(Target target, bool owned) => target.HasConversations ? null : "it has no conversations to listen to or barge into";

    public async Task<Measurement> Run(ScenarioContext context, CancellationToken cancellationToken)
    {
        var figures = new FigureList();
        var utterances = new Utterances(context);
        await utterances.Run(cancellationToken);
        utterances.AddFigures(figures);
        if (context.Sizes.BargeIns == 0)
        {
            return new Measurement(figures.Figures, utterances.Replies) { Warnings = utterances.Warnings };
        }

        var bargeIns = new BargeIns(context);
        await bargeIns.Run(cancellationToken);
        bargeIns.AddFigures(figures);
        return new Measurement(figures.Figures, [.. utterances.Replies, .. bargeIns.Replies]) { Warnings = [.. utterances.Warnings, .. bargeIns.Warnings] };
    }
}
