namespace HybridConversations.Fleet;

/// <summary>Why a device was chosen.</summary>
internal enum PlacementCause
{
    /// <summary>It holds the conversation's KV state.</summary>
    HoldsKv,

    /// <summary>The one that holds it is saturated.</summary>
    HolderSaturated,

    /// <summary>It holds the KV state, is saturated, and nobody would be done sooner.</summary>
    NobodySooner,

    /// <summary>Nobody holds the KV state.</summary>
    NoHolder,
}
