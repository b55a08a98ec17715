namespace HybridConversations.Inference.Grammar;

/// <summary>Says what is wrong with a JSON schema, and where.</summary>
internal static class SchemaProblem
{
    /// <param name="path">JSON pointer of the subschema, e.g. <c>#/properties/age</c>.</param>
    /// <param name="what">Predicate of the sentence "The JSON schema at … …".</param>
    public static ProblemException At(string path, string what) => new(ProblemCodes.InvalidRequest($"The JSON schema at {path} {what}."));

    public static ProblemException Unsupported(string path, string keyword) =>
        At(path, $"uses '{keyword}', which cannot be enforced while text is generated. Leave it out, and check it on the reply");
}
