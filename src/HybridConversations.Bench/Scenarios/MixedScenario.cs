using HybridConversations.Bench.Http;
using HybridConversations.Bench.Statistics;

namespace HybridConversations.Bench.Scenarios;

/// <summary><c>mixed</c>: voices talk without a break while long prompts keep arriving.</summary>
internal sealed class MixedScenario : IScenario
{
    /// <summary>Role of the long prompts' replies.</summary>
    public const string BackgroundRole = "background";

    public string Name => "mixed";

    public string Describe(BenchSizes sizes) =>
        $"{sizes.Voices} voices ({sizes.ShortPrompt} prompt tokens, {sizes.VoiceTokens} of reply, again and again) while prompts of {sizes.LongPrompt} tokens keep arriving "
        + $"({sizes.Background} in flight), {sizes.MixedTime.TotalSeconds:0} s";

    public string? Unfit(Target target, bool owned) => null;

    public async Task<Measurement> Run(ScenarioContext context, CancellationToken cancellationToken)
    {
        using var load = new MixedLoad(context, cancellationToken);
        await load.Run();
        var sizes = context.Sizes;
        var voices = load.Voices;
        var background = load.Background;
        var warnings = ReplyChecks.Of([.. voices, .. background], 1).Concat(load.Errors.Distinct().Take(3)).ToList();
        if (voices.Count == 0)
        {
            throw new TargetException(load.Errors.FirstOrDefault() ?? $"{context.Target.Endpoint.Name} answered no voice.");
        }

        var early = voices.Count(reply => reply.CompletionTokens < sizes.VoiceTokens);
        if (early > 0)
        {
            warnings.Add($"{early} of {voices.Count} voice replies ended before their {sizes.VoiceTokens} tokens.");
        }

        var gaps = new Samples(voices.SelectMany(reply => reply.GapsMs));
        var figures = new FigureList()
            .AddPercentiles("voice first token", "ms", Better.Lower, new Samples(voices.Select(reply => reply.FirstTokenMs).OfType<double>()), 0.5, 0.95)
            .AddPercentiles("voice gap", "ms", Better.Lower, gaps, 0.5, 0.99)
            .AddMax("voice gap", "ms", gaps)
            .Add("voice replies", "tokens/s", Better.Higher, DecodeRate.Whole(voices, context.Clock), voices.Count)
            .Add("background prompts", "tokens/s", Better.Higher, load.BackgroundTokensPerSecond(), background.Count)
            .Add("errors", "", Better.Lower, load.Errors.Count, voices.Count + background.Count + load.Errors.Count);
        return new Measurement(figures.Figures, [.. voices, .. background]) { Warnings = warnings };
    }
}
