namespace HybridConversations.Simulation.Fleet;

/// <summary>Prompt tokens by where their KV came from.</summary>
public sealed record PromptTokens(long Resident, long Parked, long Snapshot, long Shared, long Read)
{
    public long All => Resident + Parked + Snapshot + Shared + Read;
}
