using System.Globalization;

namespace HybridConversations.Routing;

/// <summary>The linear classifier's word, for turns that nobody has decided yet.</summary>
internal sealed class ClassifierPolicy : IRoutingPolicy
{
    /// <summary>Words that the reason names.</summary>
    private const int NamedWords = 3;

    /// <summary>Where fewer of the words could be judged, the reason says so.</summary>
    private const double WellRead = 0.7;

    public string Name => "classifier";

    public Verdict Decide(scoped ref RoutingContext context, Verdict standing)
    {
        if (!standing.IsOpen)
        {
            return standing;
        }

        var score = context.Score;
        return new Verdict(score >= context.Options.Threshold ? RouteTarget.Cloud : RouteTarget.Local, score, Firmness.Judged, this);
    }

    /// <summary>"Needs the cloud with probability 0.93 (threshold 0.50): write, script, python."</summary>
    public string Explain(scoped ref RoutingContext context, Verdict verdict)
    {
        Span<double> contributions = stackalloc double[context.Words.Count];
        context.Models.Cloud.Attribute(context.Words, contributions);
        Span<char> buffer = stackalloc char[256];
        var toCloud = verdict.Target == RouteTarget.Cloud;
        buffer.TryWrite(
            CultureInfo.InvariantCulture,
            $"{(toCloud ? "Needs" : "Does not need")} the cloud: probability {verdict.Score:F2}, threshold {context.Options.Threshold:F2}",
            out var length);
        for (var named = 0; named < NamedWords; named++)
        {
            var strongest = -1;
            for (var i = 0; i < contributions.Length; i++)
            {
                var pull = toCloud ? contributions[i] : -contributions[i];
                if (pull > 0 && (strongest < 0 || pull > Math.Abs(contributions[strongest])))
                {
                    strongest = i;
                }
            }

            if (strongest < 0)
            {
                break;
            }

            buffer[length..].TryWrite($"{(named == 0 ? "; strongest words: " : ", ")}{context.Words.Text(strongest)}", out var written);
            length += written;
            contributions[strongest] = 0;
        }

        if (context.Judgement.Known < WellRead)
        {
            buffer[length..].TryWrite(CultureInfo.InvariantCulture, $"; in doubt, could judge {100 * context.Judgement.Known:F0} % of the words", out var written);
            length += written;
        }

        buffer[length++] = '.';
        return new string(buffer[..length]);
    }
}
