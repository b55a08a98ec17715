namespace HybridConversations.Orleans.Fleet;

/// <summary>Whether a silo counts as there: heard of lately, and not known to be dead.</summary>
internal sealed class SiloPresence(FleetOptions options, IClusterMembershipService membership, TimeProvider time)
{
    /// <param name="silo">The silo.</param>
    /// <param name="heardAt">Timestamp of what it last said.</param>
    public bool IsThere(SiloAddress silo, long heardAt) =>
        time.GetElapsedTime(heardAt) <= options.LostAfter
        && (!membership.CurrentSnapshot.Members.TryGetValue(silo, out var member) || member.Status is SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Joining);
}
