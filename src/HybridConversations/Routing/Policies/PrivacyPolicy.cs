namespace HybridConversations.Routing;

/// <summary>
/// A turn that is private stays, whatever else is asked: by the caller's word, by a wish that is spoken in it, wherever it stands, or by one that was spoken
/// before and holds (which the conversation knows).
/// </summary>
internal sealed class PrivacyPolicy : IRoutingPolicy
{
    public string Name => "private";

    public Verdict Decide(scoped ref RoutingContext context, Verdict standing)
    {
        var request = context.Request;
        var reason = request.Privacy?.Reason ?? (SpokenPrivacy.Of(request.Turn.Text, null) is { Holds: true } spoken ? spoken.Reason : null);
        return request.Turn.Private || request.Privacy is { Covers: true } || reason is not null
            ? new Verdict(RouteTarget.Local, 0, Firmness.Private, this, reason)
            : standing;
    }

    public string Explain(scoped ref RoutingContext context, Verdict verdict) => verdict.Detail ?? "The turn is private and never leaves the device.";
}
