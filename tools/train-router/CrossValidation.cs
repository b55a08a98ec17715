namespace TrainRouter;

/// <summary>Scores every request by a model that was trained without it.</summary>
internal static class CrossValidation
{
    /// <summary>One in so many is scored a second time with its words made unreadable: what the calibration learns of doubt from.</summary>
    private const int UnreadableEvery = 3;

    /// <summary>Random folds: how well it does on unseen requests of known kinds, and where asked for, on the same made unreadable.</summary>
    public static List<Scored> Folds(IReadOnlyList<Example> examples, int folds, int seed, Func<IEnumerable<Example>, Model> train, bool unreadable = false)
    {
        var random = new Random(seed);
        return By(examples, [.. examples.Select(_ => random.Next(folds).ToString(System.Globalization.CultureInfo.InvariantCulture))], train, unreadable: unreadable);
    }

    /// <summary>Leave a group of categories out, with its templates: how well it does on kinds of requests that it has never seen.</summary>
    public static List<Scored> LeaveKindsOut(IReadOnlyList<Example> examples, IReadOnlyList<Example> templates, Func<IEnumerable<Example>, Model> train) =>
        By([.. examples.Where(e => e.Own)], [.. examples.Where(e => e.Own).Select(Kinds.Of)], kept => train(kept), (kind, kept) =>
            kept.Concat(templates.Where(t => Kinds.Of(t) != kind)).Concat(examples.Where(e => !e.Own)));

    private static List<Scored> By(
        IReadOnlyList<Example> examples,
        IReadOnlyList<string> groups,
        Func<IEnumerable<Example>, Model> train,
        Func<string, IEnumerable<Example>, IEnumerable<Example>>? complete = null,
        bool unreadable = false)
    {
        var scored = new Scored[examples.Count];
        var unread = new Scored?[examples.Count];
        Parallel.ForEach(groups.Distinct().ToArray(), new ParallelOptions { MaxDegreeOfParallelism = 2 }, group =>
        {
            var kept = examples.Where((_, i) => groups[i] != group);
            var model = train(complete?.Invoke(group, kept) ?? kept);
            for (var i = 0; i < examples.Count; i++)
            {
                if (groups[i] == group)
                {
                    scored[i] = model.Score(examples[i]);
                    unread[i] = unreadable && i % UnreadableEvery == 0 ? model.Score(examples[i], Garbler.Garble(examples[i].Text, 1, new Random(i))) with { Unreadable = true } : null;
                }
            }
        });
        return [.. scored, .. unread.OfType<Scored>()];
    }
}
