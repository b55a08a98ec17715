namespace HybridConversations.Routing;

/// <summary>
/// A device that cannot answer, or is saturated, gives away what a likelihood kept there: all of it in the first case, in the second what the
/// classifier is in doubt about. Wishes and demands stay.
/// </summary>
internal sealed class LoadPolicy : IRoutingPolicy
{
    public string Name => "load";

    public Verdict Decide(scoped ref RoutingContext context, Verdict standing)
    {
        if (standing is not { Target: RouteTarget.Local, Firmness: Firmness.Judged } || !context.CloudAvailable || context.Request.Device is not { } device)
        {
            return standing;
        }

        if (device.State is DeviceState.Failed or DeviceState.Hanging or DeviceState.Stopping)
        {
            return new Verdict(RouteTarget.Cloud, context.Score, Firmness.Judged, this);
        }

        return IsSaturated(device.Load, context.Options.BusyQueueShare) && context.Score >= context.Options.BusyThreshold
            ? new Verdict(RouteTarget.Cloud, context.Score, Firmness.Judged, this)
            : standing;
    }

    public string Explain(scoped ref RoutingContext context, Verdict verdict) => context.Request.Device switch
    {
        { State: DeviceState.Failed } => "The device has failed and the cloud is there.",
        { State: DeviceState.Hanging } => "The device hangs and the cloud is there.",
        { State: DeviceState.Stopping } => "The device is stopping and the cloud is there.",
        { Load: var load } => $"The device is saturated ({load.Waiting} of {load.QueueLimit} waiting) and the cloud may be the better answer (probability {verdict.Score:F2}).",
        _ => "The device is saturated.",
    };

    private static bool IsSaturated(DeviceLoad load, double share) => load.QueueLimit > 0 && load.Waiting >= Math.Max(1, load.QueueLimit * share);
}
