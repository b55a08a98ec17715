namespace TrainRouter;

/// <summary>How well scores tell cloud from local at a threshold.</summary>
internal sealed record Metrics(int Count, int Positives, double Precision, double Recall, double F1, double FalsePositiveRate, double Auroc, double ShareSent)
{
    public static Metrics Of(IReadOnlyCollection<(bool Positive, double Score)> scored, double threshold)
    {
        var sent = scored.Count(s => s.Score >= threshold);
        var hits = scored.Count(s => s.Positive && s.Score >= threshold);
        var positives = scored.Count(s => s.Positive);
        var negatives = scored.Count - positives;
        var precision = sent == 0 ? 1 : (double)hits / sent;
        var recall = positives == 0 ? double.NaN : (double)hits / positives;
        return new Metrics(
            scored.Count,
            positives,
            precision,
            recall,
            hits == 0 ? 0 : 2 * precision * recall / (precision + recall),
            negatives == 0 ? double.NaN : (double)(sent - hits) / negatives,
            Area(scored),
            (double)sent / scored.Count);
    }

    /// <summary>Area under the ROC curve by ranks (Mann-Whitney), ties shared.</summary>
    private static double Area(IReadOnlyCollection<(bool Positive, double Score)> scored)
    {
        var sorted = scored.OrderBy(s => s.Score).ToArray();
        double ranks = 0;
        long positives = 0;
        for (var i = 0; i < sorted.Length;)
        {
            var end = i;
            while (end < sorted.Length && sorted[end].Score == sorted[i].Score)
            {
                end++;
            }

            for (var j = i; j < end; j++)
            {
                if (sorted[j].Positive)
                {
                    positives++;
                    ranks += (i + 1 + end) / 2.0;
                }
            }

            i = end;
        }

        long negatives = sorted.Length - positives;
        return positives == 0 || negatives == 0 ? double.NaN : (ranks - (positives * (positives + 1) / 2.0)) / (positives * (double)negatives);
    }
}
