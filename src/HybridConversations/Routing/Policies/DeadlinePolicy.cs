namespace HybridConversations.Routing;

/// <summary>A whole answer from the cloud that would come after the turn's deadline is of no use; only a wish or a demand sends the turn there.</summary>
internal sealed class DeadlinePolicy : IRoutingPolicy
{
    public string Name => "deadline";

    public Verdict Decide(scoped ref RoutingContext context, Verdict standing) =>
        standing is { Target: RouteTarget.Cloud, Firmness: Firmness.Judged } && context.Request.Turn.DeadlineMs < CloudReplyMs(ref context)
            ? standing with { Target = RouteTarget.Local, Policy = this }
            : standing;

    public string Explain(scoped ref RoutingContext context, Verdict verdict) =>
        $"The answer is due in {context.Request.Turn.DeadlineMs} ms and the cloud takes about {CloudReplyMs(ref context):F0} ms.";

    private static double CloudReplyMs(scoped ref RoutingContext context) => context.Request.CloudReplyMs ?? context.Options.CloudReplyMs;
}
