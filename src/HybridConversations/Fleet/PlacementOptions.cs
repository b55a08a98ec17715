namespace HybridConversations.Fleet;

/// <summary>Limits of placement.</summary>
/// <param name="SaturatedAfter">A device on which a turn would wait longer than this is saturated.</param>
/// <param name="LookAt">Devices that are drawn and compared in a fleet that is not small.</param>
internal sealed record PlacementOptions(TimeSpan SaturatedAfter, int LookAt = PlacementOptions.DefaultLookAt)
{
    public const int DefaultLookAt = 2;

    /// <summary>Up to so many devices all are compared: a busy one must not be drawn by chance.</summary>
    public const int SmallFleet = 4;

    /// <summary>What a turn costs elsewhere than on the asking silo: its messages, and the move of its conversation afterwards.</summary>
    public const double ElsewhereMs = 20;
}
