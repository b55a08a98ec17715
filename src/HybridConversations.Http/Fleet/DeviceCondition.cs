namespace HybridConversations.Http.Fleet;

/// <summary>How a device is, in a word and a sentence for a person.</summary>
/// <param name="Word"><c>serving</c>, <c>saturated</c>, <c>draining</c>, <c>drained</c>, <c>stopping</c>, <c>failed</c>; <c>left</c> and <c>lost</c> for one that is no longer there.</param>
/// <param name="Why">Why, and what that means; null where there is nothing to say.</param>
internal readonly record struct DeviceCondition(string Word, string? Why)
{
    public const string Saturated = "saturated";
    private const string Draining = "draining";
    private const string Drained = "drained";
    private const string Stopping = "stopping";

    /// <param name="status">As it reports.</param>
    /// <param name="before">Its report before, or null: only who waits twice in a row is saturated.</param>
    public static DeviceCondition Of(DeviceStatus status, DeviceStatus? before)
    {
        var load = status.Load;
        return status.State switch
        {
            DeviceState.Failed => new("failed", "Its engine gave up and refuses everything; its log says why."),
            DeviceState.Stopping => new(Stopping, "Its process ends."),
            DeviceState.Draining when load.Running + load.Waiting == 0 => new(Drained, "It takes no turns, and none runs any more. Its KV states stay on its disk."),
            DeviceState.Draining => new(Draining, $"It takes no new turns; {load.Running + load.Waiting} still run."),
            _ when load.Waiting >= load.QueueLimit => new(Saturated, $"Its queue is full ({load.QueueLimit}): further requests are refused."),
            _ when load.Waiting > 0 && before?.Load.Waiting > 0 => new(Saturated, $"{load.Waiting} requests wait behind {load.Running} that run."),
            _ when status.Sensors is { Throttled: true } sensors => new("serving", $"It is slowed down ({sensors.SlowedParts ?? "to stay cool"})."),
            _ => new("serving", null),
        };
    }

    /// <summary>Of one that is no longer in the fleet's view.</summary>
    public DeviceCondition Gone() => Word is Draining or Drained or Stopping or "left"
        ? new("left", "It was drained or stopped, and left.")
        : new("lost", "It was not heard of any more. Its conversations go on elsewhere at their next turn.");
}
