namespace TrainRouter;

/// <summary>One labelled request.</summary>
/// <param name="Text">What was said or typed.</param>
/// <param name="Positive">It needs the cloud model; for the follow-up classifier: it is a follow-up.</param>
/// <param name="Source">Where it comes from; <c>own/CATEGORY/STYLE</c> for the project's own, a language behind it.</param>
internal sealed record Example(string Text, bool Positive, string Source)
{
    /// <summary>The project's own, written by hand or expanded from a template.</summary>
    public bool Own => Source.StartsWith("own/", StringComparison.Ordinal);

    /// <summary>Expanded from a sentence pattern.</summary>
    public bool Template => Source.StartsWith("own/t-", StringComparison.Ordinal);

    /// <summary>The first part of the source: the corpus.</summary>
    public string Corpus => Source.Split('/')[0];

    /// <summary>What kind of request it is.</summary>
    public string Category => Source.Split('/') is [_, var category, ..] ? category : Source;

    /// <summary>The language it is in, two letters: <c>own/CATEGORY/STYLE/LANGUAGE</c>; English where none is said.</summary>
    public string Language => Source.Split('/') is [_, _, _, var language] ? language : "en";

    /// <summary>In another language than English.</summary>
    public bool Foreign => Language != "en";

    /// <summary>Spoken or typed. CLINC150's queries were written to be spoken; the benchmarks' questions were typed.</summary>
    public string Style => Source.Split('/') is [_, _, var style, ..] ? style : Corpus is "clinc150" ? "spoken" : "typed";
}
