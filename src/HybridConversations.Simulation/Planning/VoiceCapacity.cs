namespace HybridConversations.Simulation.Planning;

/// <summary>How many people a device can talk to within the budget.</summary>
/// <param name="Streams">Answers at once that all keep the budget.</param>
/// <param name="StreamsLow">With the slowest steps of the interval.</param>
/// <param name="StreamsHigh">With the fastest.</param>
/// <param name="Voices">People in conversation, of whom 95 times of 100 no more than <paramref name="Streams"/> are being answered.</param>
public sealed record VoiceCapacity(int Streams, int StreamsLow, int StreamsHigh, int Voices)
{
    private const int Most = 256;
    private const double Confidence = 0.95;

    /// <param name="answerMs">Milliseconds until an answer is whole, by the number of streams.</param>
    /// <param name="options">The budget, and the pauses between answers.</param>
    public static VoiceCapacity Of(Func<int, Estimate> answerMs, PlanOptions options)
    {
        ArgumentNullException.ThrowIfNull(answerMs);
        ArgumentNullException.ThrowIfNull(options);
        var streams = Largest(n => answerMs(n).Value);
        var answer = answerMs(Math.Max(1, streams)).Value / 1000;
        return new VoiceCapacity(
            streams, Largest(n => answerMs(n).High), Largest(n => answerMs(n).Low), VoicesFor(streams, answer / (answer + options.PauseSeconds)));

        int Largest(Func<int, double> ms)
        {
            var n = 0;
            while (n < Most && ms(n + 1) <= options.BudgetSeconds * 1000)
            {
                n++;
            }

            return n;
        }
    }

    /// <summary>The largest group of which, with 95 % probability, at most <paramref name="streams"/> are being answered at a moment, each for a share of the time.</summary>
    internal static int VoicesFor(int streams, double share)
    {
        var voices = streams;
        while (streams > 0 && voices < 100 * Most && AtMost(voices + 1, share, streams) >= Confidence)
        {
            voices++;
        }

        return voices;
    }

    /// <summary>Probability that of <paramref name="n"/> at most <paramref name="k"/> are busy (binomial).</summary>
    private static double AtMost(int n, double share, int k)
    {
        var term = Math.Pow(1 - share, n);
        var sum = term;
        for (var i = 0; i < Math.Min(k, n); i++)
        {
            term *= (n - i) / (i + 1.0) * share / (1 - share);
            sum += term;
        }

        return sum;
    }
}
