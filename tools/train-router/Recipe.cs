using HybridConversations.Routing;

namespace TrainRouter;

/// <summary>How the classifiers are trained: which examples, how often varied, how heavy.</summary>
/// <param name="Seed">Of the variations and the templates.</param>
/// <param name="Iterations">Of the minimiser, at most.</param>
/// <param name="Openers">What people begin with, by language.</param>
internal sealed record Recipe(int Seed, int Iterations, IReadOnlyDictionary<string, IReadOnlyList<string>> Openers)
{
    private const int Copies = 16;

    /// <summary>English.</summary>
    public Model English(IEnumerable<Example> examples)
    {
        var set = new TrainingSet(Reading.WordsAndMarks, Seed, Openers);
        foreach (var example in examples)
        {
            switch (example)
            {
                case { Template: true }:
                    set.Add(example, example.Positive ? 0.75f : 0.5f, copies: 2);
                    break;
                case { Own: true }:
                    set.Add(example, example.Positive ? 3 : 2, Copies);
                    break;
                case { Positive: true }:
                    set.Add(example, 1, Copies);
                    break;
                default:
                    set.Add(example, 0.3f, copies: 0);
                    break;
            }
        }

        return set.Fit(Iterations);
    }

    /// <summary>Every other language: those that were written, and of the English requests what can be known without knowing English.</summary>
    public Model Others(IEnumerable<Example> examples, IEnumerable<Example> english)
    {
        var set = new TrainingSet(Reading.OtherLanguages, Seed, Openers);
        foreach (var example in examples)
        {
            set.Add(example, (example.Template ? 1 : 5) * (example.Positive ? 1 : 0.8f), example.Template ? 2 : Copies);
            set.AddUnreadable(example, 0.15f);
        }

        foreach (var example in english)
        {
            set.AddSkeleton(example, example.Positive ? 0.5f : 0.4f);
            set.AddUnreadable(example, 0.1f);
        }

        return set.Fit(Iterations);
    }

    public Model FollowUp(IEnumerable<Example> followUps, IEnumerable<Example> requests)
    {
        var set = new TrainingSet(Reading.Words, Seed, Openers);
        foreach (var example in followUps)
        {
            set.Add(example, 3, Copies);
        }

        foreach (var request in requests)
        {
            set.Add(request with { Positive = false }, request.Own ? 0.5f : 0.1f, copies: 0);
        }

        return set.Fit(Iterations);
    }
}
