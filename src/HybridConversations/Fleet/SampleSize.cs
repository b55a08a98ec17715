namespace HybridConversations.Fleet;

/// <summary>Of how many others a silo hears in return for its report.</summary>
internal static class SampleSize
{
    /// <summary>Fleets up to this size are told whole.</summary>
    public const int Whole = 64;

    /// <summary>Those that would be done soonest.</summary>
    public const int Soonest = 16;

    /// <summary>Others.</summary>
    public const int ByChance = 32;

    /// <summary>Silos that one may want to hear of.</summary>
    public const int MaxWanted = 64;

    /// <summary>Devices in an answer, those that are wanted apart.</summary>
    public static int Of(int devices) => devices <= Whole ? devices : Soonest + ByChance;
}
