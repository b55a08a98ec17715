namespace HybridConversations.Inference.Grammar;

/// <summary>
/// Tries a grammar at the door, on the caller's thread: reads texts that keep as many places open as possible, so that one with too many readings is refused before it
/// stands in the engine's way. Bounded; what it does not find ends its own reply later.
/// </summary>
internal static class GrammarProbe
{
    private const int Walks = 2;
    private const int MaxBytes = 400;
    private const int Work = 1_000_000;

    /// <exception cref="ProblemException"><c>invalid-request</c> with the rule that has too many readings.</exception>
    public static void Try(GrammarProgram program)
    {
        var random = new SeededRandom(1);
        for (var walk = 0; walk < Walks; walk++)
        {
            var work = new GrammarWork(Work, 0, Work);
            var states = new GrammarStates(program, work);
            var state = states.Start;
            for (var i = 0; i < MaxBytes && state >= 0 && work.Spent < Work / 2; i++)
            {
                state = Widest(program, states, state, work, ref random);
            }
        }
    }

    private static int Widest(GrammarProgram program, GrammarStates states, int state, GrammarWork work, ref SeededRandom random)
    {
        var (best, width) = (-1, 0.0);
        foreach (var value in program.Representatives)
        {
            if (work.Spent > Work / 2)
            {
                break;
            }

            // Ties are broken at random, so that the walks differ.
            if (states.Next(state, value) is var next and >= 0 && states.Width(next) + random.NextDouble() is var wide && wide > width)
            {
                (best, width) = (next, wide);
            }
        }

        return best;
    }
}
