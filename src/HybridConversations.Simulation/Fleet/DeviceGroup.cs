using HybridConversations.Simulation.Devices;

namespace HybridConversations.Simulation.Fleet;

/// <summary>Devices of one kind.</summary>
/// <param name="Device">What each is.</param>
/// <param name="Count">How many.</param>
public sealed record DeviceGroup(DeviceShape Device, int Count);
