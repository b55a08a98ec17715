namespace HybridConversations.Fleet;

/// <summary>Limits of placement.</summary>
/// <param name="SaturatedAfter">A device on which a turn would wait longer than this is saturated.</param>
/// <param name="LookAt">Devices that are drawn and compared in a fleet that is not small.</param>
internal sealed record PlacementOptions(TimeSpan SaturatedAfter, int LookAt = PlacementOptions.DefaultLookAt)
{
    public const int DefaultLookAt = 2;

    /// <summary>Up to so many devices all are compared: a busy one must not be drawn by chance.</summary>
    public const int SmallFleet = 4;

    /// <summary>Predictions that differ by less than this share say the same: a device's own measurement is not better than that.</summary>
    public const double NearShare = 0.15;

    /// <summary>Tokens that a device must have written until its speed is believed: a few answers.</summary>
    public const long BelievedTokens = 200;

    /// <summary>So do those that differ by less than this: nobody hears it.</summary>
    public const double NearMs = 50;
}
