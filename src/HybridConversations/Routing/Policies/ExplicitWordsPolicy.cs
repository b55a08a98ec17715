namespace HybridConversations.Routing;

/// <summary>What the person asks for in words: "think hard", "ask the cloud", "stay local".</summary>
internal sealed class ExplicitWordsPolicy : IRoutingPolicy
{
    public string Name => "explicit-words";

    public Verdict Decide(scoped ref RoutingContext context, Verdict standing)
    {
        if (!standing.IsOpen || !context.Options.HeedWords)
        {
            return standing;
        }

        if (SpokenWishes.Local.Find(context.Words) is { } local)
        {
            return new Verdict(RouteTarget.Local, 0, Firmness.Asked, this, local);
        }

        return SpokenWishes.Cloud.Find(context.Words) is { } cloud ? new Verdict(RouteTarget.Cloud, 1, Firmness.Asked, this, cloud) : standing;
    }

    public string Explain(scoped ref RoutingContext context, Verdict verdict) => verdict.Target == RouteTarget.Cloud
        ? $"\"{verdict.Detail}\" asks for the cloud model."
        : $"\"{verdict.Detail}\" asks for the device's own model.";
}
