using HybridConversations.Inference.KvBlocks;
using HybridConversations.Inference.KvCache;
using HybridConversations.Inference.Scheduling;
using HybridConversations.Inference.Snapshots;

namespace HybridConversations.Inference.Engine;

/// <summary>What was found for a prompt that waits, and the choice that was made of it. Good for as long as <paramref name="Version"/> is; until then it holds nothing.</summary>
/// <param name="Version">Of everything that was looked at.</param>
/// <param name="Choice">Where the beginning comes from.</param>
/// <param name="Key">Whose slot it will be; null while another request of the same conversation is under way.</param>
/// <param name="Own">The slot of its conversation.</param>
/// <param name="Donor">The slot that may share most with it.</param>
/// <param name="DonorLength">How many tokens that is.</param>
/// <param name="Parked">The best state in host memory.</param>
/// <param name="Disk">The best state on disk.</param>
/// <param name="Need">Cells that it takes, its growth not counted.</param>
internal sealed record PrefixSources(
    long Version, PrefixChoice Choice, string? Key, KvSlot? Own, KvSlot? Donor, int DonorLength, KvImage? Parked, SnapshotMatch Disk, int Need);
