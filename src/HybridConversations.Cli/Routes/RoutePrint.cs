using System.Globalization;
using HybridConversations.Routing;

namespace HybridConversations.Cli.Routes;

/// <summary>A decision for a person: target, score and reason, then the words with what each gave to the score.</summary>
internal static class RoutePrint
{
    /// <summary>Words that are printed; the rest are summed up.</summary>
    private const int MaxWords = 20;

    /// <summary>As if it were the first turn of a conversation and a cloud were there.</summary>
    public static RouteDecision Decide(Router router, string text) => router.Decide(new RouteRequest
    {
        Turn = new Turn { TurnId = "route", Text = text },
        Recent = [],
        Cloud = new EscalationStatus("cloud", Available: true, Reason: null, SpentToday: 0, SpentThisMonth: 0, InFlight: 0),
    });

    public static void Write(TextWriter output, Router router, string text)
    {
        var decision = Decide(router, text);
        output.WriteLine($"{(decision.Target == RouteTarget.Cloud ? "cloud" : "local")}  {Number(decision.Score, "F2")}  by {decision.Policy}");
        output.WriteLine(decision.Reason);
        var explanation = router.Explain(text);
        output.WriteLine();
        output.WriteLine($"The classifier scores the words {Number(explanation.Score, "F4")} and could judge {Number(100 * explanation.Known, "F0")} % of them. What each gave to the log-odds, above 0 for the cloud:");
        foreach (var word in explanation.Words.Take(MaxWords))
        {
            output.WriteLine($"  {Number(word.Weight, "+0.00;-0.00"),7}  {word.Word}");
        }

        if (explanation.Words.Count > MaxWords)
        {
            output.WriteLine($"  {Number(explanation.Words.Skip(MaxWords).Sum(word => word.Weight), "+0.00;-0.00"),7}  ({explanation.Words.Count - MaxWords} more)");
        }

        output.WriteLine($"  {Number(explanation.Base, "+0.00;-0.00"),7}  (without any word)");
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
