using System.Runtime.InteropServices;

namespace HybridConversations.Fleet;

/// <summary>The device of a turn.</summary>
/// <param name="Index">Of the device.</param>
/// <param name="Cause">Why this one.</param>
/// <param name="ExpectedMs">Until the turn would be answered; 0 where that was not asked.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PlacementChoice(int Index, PlacementCause Cause, double ExpectedMs);
