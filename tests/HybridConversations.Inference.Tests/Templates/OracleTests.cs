namespace HybridConversations.Inference.Tests.Templates;

/// <summary>Against <c>@huggingface/jinja</c> itself, with templates that nobody has written: parts of the families, cut and joined anew in every run.</summary>
public sealed class OracleTests
{
    private const int Cases = 1500;

    /// <summary>JavaScript reads <c>[13]</c> as 13 where a number is wanted; Jinja, as ours, does not.</summary>
    private const string NumberOfList = "<Evaluation: range counts in integers, not in list>";

    [SkippableFact]
    public void Mutated_templates_give_what_the_oracle_gives()
    {
        var oracle = TemplateOracle.Find(out var reason);
        Skip.If(oracle is null, reason);
        var seed = Random.Shared.Next();
        var (texts, conversations) = (new TemplateMutator(seed), TemplateCases.Conversations.Values.ToArray());
        var cases = Enumerable.Range(0, Cases).Select(at => (Template: texts.Next(), Context: conversations[at % conversations.Length])).ToList();
        var answers = oracle.Render([.. cases.Select(one => (one.Template, one.Context))], TemplateCases.Now);

        var compared = 0;
        for (var at = 0; at < cases.Count; at++)
        {
            // The source of a function is the one thing that cannot be the same.
            if (answers[at] is { } text && !text.Contains("=> {", StringComparison.Ordinal))
            {
                var written = TemplateCases.Try(cases[at].Template, cases[at].Context);
                if (written.StartsWith(NumberOfList, StringComparison.Ordinal))
                {
                    continue;
                }

                compared++;
                Assert.True(text == written, $"Seed {seed}, case {at}:\n{cases[at].Template}\n--- gives ---\n{written}\n--- but the oracle writes ---\n{text}");
            }
        }

        Assert.True(compared > Cases / 20, $"The oracle understands {compared} of {Cases} cases only.");
    }

    [SkippableFact]
    public void What_is_recorded_is_what_the_oracle_says_today()
    {
        var oracle = TemplateOracle.Find(out var reason);
        Skip.If(oracle is null, reason);
        foreach (var family in TemplateCases.Families)
        {
            var source = TemplateCases.Source(family);
            var golden = TemplateCases.Read($"golden/{family}.json").EnumerateObject().ToList();
            var answers = oracle.Render([.. golden.Select(one => (source, TemplateCases.Conversations[one.Name]))], TemplateCases.Now);
            Assert.Equal(golden.Select(one => one.Value.TryGetProperty("text", out var text) ? text.GetString() : null), answers);
        }
    }
}
