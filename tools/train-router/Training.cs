using System.Globalization;
using System.Runtime.InteropServices;
using HybridConversations;
using HybridConversations.Routing;

namespace TrainRouter;

/// <summary>One run: cross-validate, calibrate, train on everything, measure on what was never seen, write weights and report.</summary>
internal sealed class Training(Corpus corpus, Recipe recipe, TrainingOptions options)
{
    private readonly Report _report = new(RouterOptions.DefaultThreshold);

    public void Run()
    {
        _report.Line("# The router's classifiers, measured");
        _report.Line();
        _report.Line($"Made by `{options.Command}` on {DateTime.UtcNow.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}, {RuntimeInformation.OSDescription.Trim()}, {RuntimeInformation.ProcessArchitecture}, {RuntimeInformation.FrameworkDescription}.");
        _report.Line($"English learned from {corpus.Train.Count(e => e.Own):N0} requests written for the project ({corpus.Train.Count(e => e.Own && e.Positive):N0} hard), "
            + $"{corpus.Templates.Count:N0} sentences from {corpus.Templates.Select(e => e.Source).Distinct().Count()} groups of patterns and {corpus.Train.Count(e => !e.Own):N0} shared ones ({corpus.Train.Count(e => !e.Own && e.Positive):N0} hard).");
        _report.Line($"The other languages learned from {corpus.Foreign.Count:N0} requests written for the project in twelve of them ({corpus.Foreign.Count(e => e.Positive):N0} hard), {corpus.ForeignTemplates.Count:N0} sentences from patterns, "
            + "and the word classes, numbers and signs of the English ones.");
        _report.Line($"All figures at the default threshold {_report.Threshold.ToString("F2", CultureInfo.InvariantCulture)} unless a table says another; \"everyday sent\" is the share of everyday requests that go to the cloud.");

        var english = options.Trains("english")
            ? Trained.English(corpus.Train, options.Folds, recipe.Seed, kept => recipe.English(kept.Concat(corpus.Templates)))
            : Trained.Read(options.Weights("english"));
        var others = options.Trains("others")
            ? Trained.Others(corpus.Foreign, options.Folds, recipe.Seed, kept => recipe.Others(kept.Concat(corpus.ForeignTemplates), corpus.Train.Where(e => e.Own)))
            : Trained.Read(options.Weights("others"));
        var classifier = new CloudClassifier(english.Classifier, others.Classifier);

        Unseen(classifier);
        Languages(classifier);
        CrossValidated(english, others);
        if (options.LeaveKindsOut && options.Trains("english"))
        {
            KindsLeftOut(english);
        }

        Reliable(english, others);
        var read = english.Calibrated.Concat(others.Calibrated).Where(s => !s.Unreadable).ToList();
        var table = read.Count == 0 ? [] : Calibrator.Table(read);
        _report.Heading(
            "What a threshold means",
            $"Of cross-validated scores; English of the project's own, of the shared requests, and the other languages count alike. `RouterOptions.CloudShare` looks up this table (in smaller steps, `calibration.csv` beside the weights).");
        _report.Calibration(table);

        var followUp = options.Trains("follow-up") ? FollowUp() : Trained.Read(options.Weights("follow-up")).Classifier;
        Time(new RouterModels(classifier, followUp));
        if (options.Out is not null)
        {
            WriteWeights(english.Classifier, others.Classifier, followUp, table);
        }

        if (options.Report is { } path && options.Part is null)
        {
            _report.Write(path);
        }
    }

    private void WriteWeights(LinearClassifier english, LinearClassifier others, LinearClassifier followUp, IReadOnlyList<CalibrationPoint> table)
    {
        foreach (var (name, classifier) in new[] { ("english", english), ("others", others), ("follow-up", followUp) })
        {
            if (options.Trains(name))
            {
                using var stream = File.Create(options.Weights(name));
                classifier.Write(stream);
            }
        }

        if (options.Part is null)
        {
            File.WriteAllText(
                Path.Combine(options.Out!, "calibration.csv"),
                "threshold,everyday_sent,hard_sent\n" + string.Concat(table.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Threshold:0.00###},{p.EverydaySent:F5},{p.HardSent:F5}\n"))));
        }
    }

    private void Time(RouterModels models)
    {
        var speed = Speed.Of(models, [.. corpus.HeldOut.Concat(corpus.Probes).Concat(corpus.Languages).Select(e => e.Text)]);
        _report.Heading("Speed", "A whole decision (`Router.Decide`), the last three turns before it included, over the held-out requests, the probes and those of other languages, one after the other on one thread.");
        _report.Line("| | |");
        _report.Line("|---|---|");
        _report.Line(string.Create(CultureInfo.InvariantCulture, $"| median | {speed.Median:F1} µs |"));
        _report.Line(string.Create(CultureInfo.InvariantCulture, $"| 99th percentile | {speed.P99:F1} µs |"));
        _report.Line(string.Create(CultureInfo.InvariantCulture, $"| a turn of {Limits.MaxTurnCharacters:N0} characters, median | {speed.Longest:F1} µs |"));
        _report.Line(string.Create(CultureInfo.InvariantCulture, $"| the same in Chinese, median | {speed.LongestChinese:F1} µs |"));
        _report.Line(string.Create(CultureInfo.InvariantCulture, $"| allocated by a decision (its record and its reason) | {speed.Bytes} bytes |"));
    }

    private void Unseen(CloudClassifier classifier)
    {
        _report.Heading("Requests never learned from", "The shared development set; the project's own held-out requests, written in another manner by intention (regional, rambling, telegraphic); and probes that are made to mislead: everyday requests in hard words (\"play the song prove it\"), hard ones in everyday words.");
        var dev = Score(corpus.Dev, classifier);
        var own = Score(corpus.HeldOut, classifier);
        var probes = Score(corpus.Probes, classifier);
        var extra = options.Extra.Select(path => (Name: Path.GetFileNameWithoutExtension(path), Scored: Score(ExampleFile.Read(path), classifier))).ToList();
        _report.Table(
            "set",
            [
                ("shared dev", Pairs(dev)),
                .. dev.GroupBy(s => s.Example.Corpus, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => ($"– {g.Key}", Pairs(g))),
                ("own held-out", Pairs(own)),
                .. own.GroupBy(s => s.Example.Style, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => ($"– {g.Key}", Pairs(g))),
                ("probes", Pairs(probes)),
                .. probes.GroupBy(s => s.Example.Style, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => ($"– {g.Key}", Pairs(g))),
                ("all three, spoken", Pairs(dev.Concat(own).Concat(probes).Where(s => s.Example.Style == "spoken"))),
                ("all three, typed", Pairs(dev.Concat(own).Concat(probes).Where(s => s.Example.Style == "typed"))),
                .. extra.Select(e => (e.Name, Pairs(e.Scored))),
            ]);
        _report.Heading("The held-out requests by kind", "Of one label each, so recall or \"everyday sent\" is the figure to read.");
        _report.Table("kind", ByKind(own));
        if (options.Errors)
        {
            foreach (var error in dev.Concat(extra.SelectMany(e => e.Scored)).Where(s => s.Example.Positive != s.Margin >= _report.Threshold))
            {
                Console.WriteLine($"{error.Margin:F2} {error.Example.Source}: {error.Example.Text.ReplaceLineEndings(" ")}");
            }
        }
    }

    private void Languages(CloudClassifier classifier)
    {
        var scored = Score(corpus.Languages, classifier);
        _report.Heading(
            "Languages",
            $"Measured on {scored.Count:N0} requests, written apart from those that were learned from and in other words.");
        _report.Table(
            "language",
            [
                .. scored.GroupBy(s => s.Example.Language).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, Pairs(g))),
                ("all", Pairs(scored)),
                ("– spoken", Pairs(scored.Where(s => s.Example.Style == "spoken"))),
                ("– typed", Pairs(scored.Where(s => s.Example.Style == "typed"))),
            ]);
        var unreadable = corpus.HeldOut.Concat(corpus.Probes).Concat(corpus.Languages).Select((e, i) => e with { Text = Garbler.Garble(e.Text, 1, new Random(i)) }).ToArray();
        var unread = Score(unreadable, classifier);
        _report.Heading(
            "A language never learned",
            "The held-out requests, the probes and those of other languages with every word made unreadable: numbers, signs, single letters and the amount of text are all that is left. The second row: those that have a formula or three numbers and more.");
        _report.Table("set", [("all", Pairs(unread)), ("with numbers or formulas", Pairs(unread.Where(s => s.Example.Text.Any(char.IsDigit))))]);
    }

    /// <summary>Of the requests with a probability of p, is a share of p hard?</summary>
    private void Reliable(Trained english, Trained others)
    {
        _report.Heading(
            "Can the probabilities be believed?",
            "Cross-validated requests by their probability, weighed as in traffic of which a tenth is hard: the mean probability, and beside it the share that is hard. English spoken and typed, the twelve other languages spoken and typed, and requests in them whose words were all made unreadable.");
        _report.Reliability(
            Reliability.Of("English, spoken", english.Calibrated.Where(s => s.Example.Style == "spoken")),
            Reliability.Of("English, typed", english.Calibrated.Where(s => s.Example.Style == "typed")),
            Reliability.Of("others, spoken", others.Calibrated.Where(s => !s.Unreadable && s.Example.Style == "spoken")),
            Reliability.Of("others, typed", others.Calibrated.Where(s => !s.Unreadable && s.Example.Style == "typed")),
            Reliability.Of("unreadable", others.Calibrated.Where(s => s.Unreadable)));
    }

    private void CrossValidated(Trained english, Trained others)
    {
        _report.Heading("Cross-validation", $"Each request scored by a model that was trained on the other {options.Folds - 1} of {options.Folds} random parts.");
        var read = others.Calibrated.Where(s => !s.Unreadable).ToList();
        _report.Table(
            "set",
            [
                ("own, English", Pairs(english.Calibrated.Where(s => s.Example.Own))),
                ("– spoken", Pairs(english.Calibrated.Where(s => s.Example.Own && s.Example.Style == "spoken"))),
                ("– typed", Pairs(english.Calibrated.Where(s => s.Example.Own && s.Example.Style == "typed"))),
                ("shared train", Pairs(english.Calibrated.Where(s => !s.Example.Own))),
                ("own, other languages", Pairs(read)),
                ("– spoken", Pairs(read.Where(s => s.Example.Style == "spoken"))),
                ("– typed", Pairs(read.Where(s => s.Example.Style == "typed"))),
                .. read.GroupBy(s => s.Example.Language).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => ($"– {g.Key}", Pairs(g))),
            ]);
        if (options.Errors)
        {
            foreach (var error in english.Calibrated.Concat(read).Where(s => s.Example.Own && s.Example.Positive != s.Margin >= _report.Threshold).OrderBy(s => s.Example.Language, StringComparer.Ordinal).ThenBy(s => s.Example.Positive).ThenBy(s => s.Margin))
            {
                Console.WriteLine($"{error.Margin:F2} {error.Example.Source}: {error.Example.Text.ReplaceLineEndings(" ")}");
            }
        }
    }

    private void KindsLeftOut(Trained english)
    {
        var scored = CrossValidation.LeaveKindsOut(corpus.Train, corpus.Templates, recipe.English).ConvertAll(s => english.Probability(s));
        _report.Heading("Kinds of request never seen", "Each of the project's own kinds in English scored by a model that was trained without that kind and its sentence patterns.");
        _report.Table(
            "kind left out",
            [
                .. ByKind(scored),
                ("all", Pairs(scored)),
            ]);
    }

    private LinearClassifier FollowUp()
    {
        // Hard and everyday requests that stand alone; the everyday "follow-ups" among them are of the other kind.
        var requests = corpus.Train.Where(e => e.Category != "followup").Concat(corpus.Templates).ToArray();
        var held = CrossValidation.Folds(corpus.FollowUps, options.Folds, recipe.Seed, kept => recipe.FollowUp(kept, requests));
        var model = recipe.FollowUp(corpus.FollowUps, requests);
        held.AddRange(corpus.Dev.Concat(corpus.HeldOut).Select(e => model.Score(e with { Positive = false })));
        var calibration = Calibrator.Fit(held, doubt: false, positiveShare: 0.5);
        (bool, double)[] Taken(Func<Scored, bool> among) => [.. held.Where(among).Select(s => (s.Example.Positive, Score: 1 / (1 + Math.Exp(-calibration.LogOdds(s.Margin, s.Known)))))];
        _report.Heading(
            "Follow-ups",
            "The second classifier: does a turn go on about the answer before it? Cross-validated, at 0.5; \"hard\" reads \"follow-up\", \"sent\" reads \"taken for one\". "
            + "The words alone: a word in common with the turn before adds to the score (FollowUpPolicy). New subjects in the words of follow-ups (\"turn it off\") are the hardest there are.");
        _report.Table(
            "set",
            [
                ("follow-ups, and new subjects in their words", Taken(s => s.Example.Category is "follow-up" or "new")),
                ("requests never learned from", Taken(s => s.Example.Category is not ("follow-up" or "new"))),
            ],
            0.5);
        if (options.Errors)
        {
            foreach (var error in held.Where(s => s.Example.Positive != calibration.LogOdds(s.Margin, s.Known) >= 0))
            {
                Console.WriteLine($"{error.Example.Source}: {error.Example.Text}");
            }
        }

        return model.Classifier(calibration);
    }

    /// <summary>Scores by the classifier as the product runs it: quantised, probabilities.</summary>
    private static List<Scored> Score(IReadOnlyList<Example> examples, CloudClassifier classifier) =>
        [.. examples.Select(e => RouteExplanation.Of(e.Text, classifier) is var explained ? new Scored(e, explained.Score, explained.Known) : null!)];

    private static (bool Positive, double Score)[] Pairs(IEnumerable<Scored> scored) => [.. scored.Select(s => (s.Example.Positive, s.Margin))];

    private static IEnumerable<(string Name, IReadOnlyCollection<(bool Positive, double Score)> Scored)> ByKind(IEnumerable<Scored> scored) => scored
        .GroupBy(s => (s.Example.Positive ? "hard: " : "everyday: ") + Kinds.Of(s.Example), StringComparer.Ordinal)
        .OrderBy(g => g.Key, StringComparer.Ordinal)
        .Select(g => (g.Key, (IReadOnlyCollection<(bool, double)>)Pairs(g)));
}
