using System.Runtime.InteropServices;
using HybridConversations.Inference.KvBlocks;

namespace HybridConversations.Inference.Snapshots;

/// <summary>A state whose blocks are on disk, and how many of its tokens a prompt begins with; nothing where <paramref name="Length"/> is 0.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct SnapshotMatch(int[] Tokens, KvLineage Lineage, int Length);
