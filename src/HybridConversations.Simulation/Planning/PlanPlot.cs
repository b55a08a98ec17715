using HybridConversations.Simulation.Plots;

namespace HybridConversations.Simulation.Planning;

/// <summary>A plan as a picture.</summary>
public static class PlanPlot
{
    /// <summary>Tokens a second by the number of streams, with intervals, beside the roof of one stream and what each stream of a spoken answer needs. An SVG.</summary>
    public static string Render(DevicePlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var chart = new SvgChart($"{plan.Setup.Model.Name} {plan.Setup.Quantisation.Id}, {plan.Setup.Engine}, {plan.Setup.Device.Name} ({plan.Setup.Device.Mode})", "replies at once", "tokens a second");
        chart.Add("all together", plan.Together.Select(p => ((double)p.Streams, p.TokensPerSecond.Value)), plan.Together.Select(p => (p.TokensPerSecond.Low, p.TokensPerSecond.High)));
        chart.Add("each", plan.Together.Select(p => ((double)p.Streams, p.PerStream.Value)), plan.Together.Select(p => (p.PerStream.Low, p.PerStream.High)));
        chart.AddLimit("roof of one stream: bandwidth", plan.Roofline.BandwidthTokensPerSecond);
        chart.AddLimit($"{plan.Options.AnswerTokens} tokens within {plan.Options.BudgetSeconds:0.#} s", plan.Options.AnswerTokens / plan.Options.BudgetSeconds);
        return chart.Render();
    }
}
