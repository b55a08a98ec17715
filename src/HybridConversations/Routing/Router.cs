namespace HybridConversations.Routing;

/// <summary>
/// The router: a chain of policies, each of which sees what the ones before it said. In order: whether it is private, what the caller demands, what the person
/// asked for in words, where the call was made that it brings the result of, whether the turn follows up on the answer before it, the classifier, the device's load, the turn's deadline, the cloud's budget.
/// Thread-safe and pure; a decision allocates its record and its reason and nothing else.
/// </summary>
public sealed class Router : IRouter
{
    private readonly RouterOptions _options;
    private readonly RouterModels _models;
    private readonly IRoutingPolicy[] _policies =
    [
        new PrivacyPolicy(),
        new DemandPolicy(),
        new ExplicitWordsPolicy(),
        new ToolResultPolicy(),
        new FollowUpPolicy(),
        new ClassifierPolicy(),
        new LoadPolicy(),
        new DeadlinePolicy(),
        new AvailabilityPolicy(),
    ];

    /// <param name="options">Thresholds; null for the defaults.</param>
    /// <exception cref="ArgumentException">The options are not valid; the message lists every error.</exception>
    public Router(RouterOptions? options = null)
        : this(options, RouterModels.Default)
    {
    }

    internal Router(RouterOptions? options, RouterModels models)
    {
        _options = options ?? new RouterOptions();
        if (_options.Validate() is { Count: > 0 } errors)
        {
            throw new ArgumentException(string.Join(' ', errors), nameof(options));
        }

        // Worked out once: a share of traffic is looked up in a table.
        _options = _options with { Threshold = _options.EffectiveThreshold, CloudShare = null, BusyThreshold = _options.EffectiveBusyThreshold };
        _models = models;
    }

    /// <inheritdoc/>
    public RouteDecision Decide(in RouteRequest request)
    {
        var words = new WordList(stackalloc char[WordList.MaxLetters], stackalloc Word[WordList.MaxWords]);
        WordReader.Read(request.Turn.Text, ref words);
        var context = new RoutingContext(in request, _options, _models, words);
        var standing = default(Verdict);
        foreach (var policy in _policies)
        {
            standing = policy.Decide(ref context, standing);
        }

        return new RouteDecision(standing.Target, standing.Score, standing.Policy!.Explain(ref context, standing), standing.Policy.Name) { Known = context.Known };
    }

    /// <summary>What the classifier sees in a text taken alone: its score and the words that made it, the strongest first.</summary>
    public RouteExplanation Explain(string text) => RouteExplanation.Of(text, _models.Cloud);
}
