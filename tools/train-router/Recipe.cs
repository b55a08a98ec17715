namespace TrainRouter;

/// <summary>How the two classifiers are trained: which examples, how often varied, how heavy.</summary>
/// <param name="Seed">Of the variations and the templates.</param>
/// <param name="Iterations">Of the minimiser, at most.</param>
internal sealed record Recipe(int Seed, int Iterations)
{
    private const int Copies = 10;

    /// <summary>One in so many of the shared everyday requests is learned from in an unreadable form too.</summary>
    private const int EverydayUnreadable = 4;

    public Model Cloud(IEnumerable<Example> examples)
    {
        var set = new TrainingSet(Seed);
        var read = 0;
        foreach (var example in examples)
        {
            if (example.Own || example.Positive || read % EverydayUnreadable == 0)
            {
                set.AddUnreadable(example, example.Own ? 0.15f : example.Positive ? 0.3f : 0.1f);
            }

            read++;
            switch (example)
            {
                case { Template: true, Foreign: true }:
                    set.Add(example, example.Positive ? 1 : 0.75f, copies: 2);
                    break;
                case { Foreign: true }:
                    set.Add(example, example.Positive ? 5 : 4, Copies);
                    break;
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

    public Model FollowUp(IEnumerable<Example> followUps, IEnumerable<Example> requests)
    {
        var set = new TrainingSet(Seed);
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
