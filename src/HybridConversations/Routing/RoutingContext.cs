namespace HybridConversations.Routing;

/// <summary>What the policies look at in one decision. The classifiers run when first asked.</summary>
internal ref struct RoutingContext(ref readonly RouteRequest request, RouterOptions options, RouterModels models, WordList words)
{
    private readonly ref readonly RouteRequest _request = ref request;
    private readonly WordList _words = words;
    private double _score = -1;

    public readonly ref readonly RouteRequest Request => ref _request;

    public RouterOptions Options { get; } = options;

    public RouterModels Models { get; } = models;

    /// <summary>The turn's words.</summary>
    public readonly WordList Words => _words;

    /// <summary>Probability that the turn, taken alone, needs the cloud.</summary>
    public double Score => _score >= 0 ? _score : _score = Models.Cloud.Probability(_words);

    /// <summary>Can the cloud be asked?</summary>
    public readonly bool CloudAvailable => _request.Cloud is { Available: true };
}
