namespace HybridConversations.Inference.Grammar;

/// <summary>Refuses a grammar, with the rule that is to blame.</summary>
internal static class GrammarProblem
{
    /// <param name="rule">Name of the rule.</param>
    /// <param name="what">A sentence's end, e.g. "repeats something 5000 times; at most 2000 are allowed".</param>
    public static ProblemException In(string rule, string what) => Of($"rule '{rule}' {what}");

    public static ProblemException Of(string what) => new(ProblemCodes.InvalidRequest($"The grammar cannot be used: {what}."));
}
