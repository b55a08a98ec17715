using System.Collections;
using HybridConversations.Conversations;
using HybridConversations.Fleet;
using HybridConversations.Storage;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Orleans.Fleet;

/// <summary>
/// Chooses the device of each turn: the one that holds the conversation's KV state unless it is saturated, else the one that would be done soonest.
/// </summary>
internal sealed class FleetDevicePicker(
    FleetDirectory fleet, FleetOptions options, SiloDevice? own, ILocalSiloDetails here, IGrainFactory grains, TimeProvider time, ILogger<FleetDevicePicker> logger) : IDevicePicker
{
    public ValueTask<IDevice> Pick(ConversationHead head, Turn turn, CancellationToken cancellationToken = default)
    {
        var (device, reason) = Choose(head, turn);
        return new(Link(device, reason));
    }

    public ValueTask<IDevice?> FindHolder(ConversationHead head, CancellationToken cancellationToken = default) =>
        new(head.Kv is { } kv && Devices().FirstOrDefault(device => device.Id == kv.DeviceId) is { } holder ? Link(holder, "") : null);

    internal (FleetDevice Device, string Reason) Choose(ConversationHead head, Turn turn)
    {
        var devices = Devices().Where(device => device.Status.State == DeviceState.Ready).ToList();
        var holder = head.Kv is { } kv ? devices.FindIndex(device => device.Id == kv.DeviceId && device.Status.Model.Hash == kv.ModelHash) : -1;

        // About 4 characters of English are a token; what the KV state had says more where there is one.
        var promptTokens = (head.Kv?.Tokens ?? 0) + (turn.Text.Length / 4);
        var choice = DevicePlacement.Choose(holder, new Statuses(devices), promptTokens, Options(options), Random.Shared) ?? throw new ProblemException(NoDevice());
        var chosen = devices[choice.Index];
        return (chosen, choice.Cause switch
        {
            PlacementCause.HoldsKv => $"Device '{chosen.Id}' holds the conversation's KV state.",
            PlacementCause.HolderSaturated => Soonest($"device '{devices[holder].Id}', which holds the KV state, is saturated"),
            PlacementCause.NobodySooner => Soonest("it holds the KV state and, although it is saturated, nobody would be done sooner"),
            _ => Soonest(head.Kv is { } gone ? $"device '{gone.DeviceId}', which had the KV state, is not available" : "the conversation has no KV state yet"),
        });

        string Soonest(string why) => $"Device '{chosen.Id}' would be done soonest (in about {choice.ExpectedMs:0} ms); {why}.";
    }

    /// <summary>The device that would be done soonest with a turn that nobody holds KV of; null when there is none.</summary>
    internal static FleetDevice? Soonest(IReadOnlyList<FleetDevice> devices, FleetOptions options) =>
        DevicePlacement.Soonest(-1, new Statuses(devices), 0, Options(options), Random.Shared) is >= 0 and var index ? devices[index] : null;

    private static PlacementOptions Options(FleetOptions options) => new(options.SaturatedAfter);

    /// <summary>This silo's own device is known better than its last report says.</summary>
    private IEnumerable<FleetDevice> Devices()
    {
        var all = fleet.All;
        return own is null ? all : all.Where(device => device.Id != own.Id).Append(new FleetDevice(own.Silo, own.Status()));
    }

    private IDevice Link(FleetDevice device, string reason) =>
        own?.Id == device.Id ? new OwnDeviceLink(own, reason) : new RemoteDeviceLink(device, reason, fleet, here.SiloAddress, grains, time, logger);

    private static Problem NoDevice() => new(
        ProblemCodes.DeviceLost, 503, "No device can answer.",
        "No device of the fleet is ready: all have left, are draining or have not been heard of lately. Send the same turn again when one has joined.", Retryable: true, RetryAfterMs: 2000);

    /// <summary>The devices as placement sees them.</summary>
    private sealed class Statuses(IReadOnlyList<FleetDevice> devices) : IReadOnlyList<DeviceStatus>
    {
        public DeviceStatus this[int index] => devices[index].Status;

        public int Count => devices.Count;

        public IEnumerator<DeviceStatus> GetEnumerator() => devices.Select(device => device.Status).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
