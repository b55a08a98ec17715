namespace HybridConversations.Fleet;

/// <summary>When a device's load is worth a report before its time. Pure.</summary>
internal static class LoadNews
{
    /// <summary>How often a device looks whether its load is news.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    public static bool IsNews(DeviceStatus now, DeviceStatus said) =>
        now.State != said.State || now.Load.Waiting != said.Load.Waiting || Math.Abs(now.Load.Running - said.Load.Running) > 1;
}
