using System.Runtime.InteropServices;

namespace HybridConversations.Fleet;

/// <summary>A device that takes turns.</summary>
/// <param name="Status">As last heard of.</param>
/// <param name="Sent">What that does not count yet.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PlacementCandidate(DeviceStatus Status, SentLoad Sent);
