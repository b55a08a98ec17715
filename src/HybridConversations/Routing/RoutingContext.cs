namespace HybridConversations.Routing;

/// <summary>What the policies look at in one decision. The classifiers run when first asked.</summary>
internal ref struct RoutingContext(ref readonly RouteRequest request, RouterOptions options, RouterModels models, WordList words)
{
    private readonly ref readonly RouteRequest _request = ref request;
    private readonly WordList _words = words;
    private Judgement? _judgement;

    public readonly ref readonly RouteRequest Request => ref _request;

    public RouterOptions Options { get; } = options;

    public RouterModels Models { get; } = models;

    /// <summary>The turn's words.</summary>
    public readonly WordList Words => _words;

    /// <summary>Probability that the turn, taken alone, needs the cloud.</summary>
    public double Score => Judgement.Probability;

    /// <summary>The same, with the share of the words that could be judged.</summary>
    public Judgement Judgement => _judgement ??= Models.Cloud.Judge(_words);

    /// <summary>The share of the words that could be judged; null where the classifier was not asked.</summary>
    public readonly double? Known => _judgement?.Known;

    /// <summary>Can the cloud be asked?</summary>
    public readonly bool CloudAvailable => _request.Cloud is { Available: true };
}
