using System.Runtime.InteropServices;

namespace HybridConversations.Inference.Snapshots;

/// <summary>A state whose blocks are on disk, and how many of its tokens a prompt can go on from; nothing where <paramref name="Length"/> is 0.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SnapshotMatch(SnapshotState? State, int Length);
