namespace HybridConversations.Fleet;

/// <summary>When a device's load is worth a report before its time. Pure.</summary>
internal static class LoadNews
{
    /// <summary>How often a device looks whether its load is news.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>Is it not as it was said to be, in something that others choose by?</summary>
    public static bool IsNews(DeviceStatus now, DeviceStatus said) =>
        now.State != said.State || now.Load.Waiting != said.Load.Waiting || Math.Abs(now.Load.Running - said.Load.Running) > 1
        || now.Sensors?.Throttled != said.Sensors?.Throttled;
}
