using HybridConversations.Conversations;
using HybridConversations.Fleet;
using HybridConversations.Orleans.Contracts;
using HybridConversations.Storage;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Orleans.Fleet;

/// <summary>
/// Chooses the device of each turn: the one that holds the conversation's KV state unless it is saturated, else the one that would be done soonest.
/// </summary>
internal sealed partial class FleetDevicePicker(
    FleetDirectory fleet, FleetPlacement placement, SiloDevice? own, ILocalSiloDetails here, IGrainFactory grains, TimeProvider time, ILogger<FleetDevicePicker> logger) : IDevicePicker
{
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(1);

    public async ValueTask<IDevice> Pick(ConversationHead head, Turn turn, CancellationToken cancellationToken = default)
    {
        if (head.Kv is { } kv && kv.DeviceId != own?.Id && fleet.Find(kv.DeviceId) is null && fleet.IsUnheard(kv.DeviceId) && fleet.Member(kv.DeviceId) is { } holder)
        {
            await Ask(holder.SiloAddress, kv.DeviceId, cancellationToken);
        }

        var (device, reason) = Choose(head, turn);
        return Link(device, reason);
    }

    internal (FleetDevice Device, string Reason) Choose(ConversationHead head, Turn turn)
    {
        var devices = Devices().Where(device => device.Status.State == DeviceState.Ready).ToList();
        if (turn.Device is { } only)
        {
            return devices.Find(device => device.Id == only) is { } asked
                ? (asked, "")
                : throw new ProblemException(ProblemCodes.NoSuchDevice(only, devices.Select(device => device.Id)));
        }

        var holder = head.Kv is { } kv ? devices.Find(device => device.Id == kv.DeviceId && device.Status.Model.Hash == kv.ModelHash) : null;
        devices = [.. placement.Fresh(devices).Where(device => device.Id != holder?.Id && device.Id != own?.Id), .. devices.Where(device => device.Id == holder?.Id || device.Id == own?.Id)];

        // About 4 characters of English are a token; what the KV state had says more where there is one.
        var promptTokens = (head.Kv?.Tokens ?? 0) + (turn.Text.Length / 4);
        var request = new PlacementRequest(devices.FindIndex(device => device.Id == holder?.Id), devices.FindIndex(device => device.Id == own?.Id), promptTokens, head.Kv?.ModelHash);
        var (chosen, choice) = placement.Choose(devices, request) ?? throw new ProblemException(NoDevice());
        return (chosen, choice.Cause switch
        {
            PlacementCause.HoldsKv => $"Device '{chosen.Id}' holds the conversation's KV state.",
            PlacementCause.HolderSaturated => Soonest($"device '{holder!.Id}', which holds the KV state, is saturated"),
            PlacementCause.NobodySooner => Soonest("it holds the KV state and, although it is saturated, nobody would be done sooner"),
            _ => Soonest(head.Kv is { } gone ? $"device '{gone.DeviceId}', which had the KV state, is not available" : "the conversation has no KV state yet"),
        });

        string Soonest(string why) => $"Device '{chosen.Id}' would be done soonest (in about {choice.ExpectedMs:0} ms); {why}.";
    }

    /// <summary>The holder is there and not in this silo's sample: it says itself how it is, once; from then on it is among those that are wanted.</summary>
    private async ValueTask Ask(SiloAddress silo, string deviceId, CancellationToken cancellationToken)
    {
        try
        {
            var status = await grains.GetGrain<IDeviceGrain>(deviceId).Status(cancellationToken).AsTask().WaitAsync(AskLimit, time, cancellationToken);
            fleet.LearnAsked(silo, status);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            LogNotAsked(error, deviceId); // the turn goes where it can
        }
    }

    [LoggerMessage(362, LogLevel.Debug, "Device {Device}, which holds a conversation, did not say how it is")]
    private partial void LogNotAsked(Exception error, string device);

    /// <summary>This silo's own device is known better than its last report says.</summary>
    private IEnumerable<FleetDevice> Devices()
    {
        var all = fleet.All;
        return own is null ? all : all.Where(device => device.Id != own.Id).Append(new FleetDevice(own.Silo, own.Status()));
    }

    private IDevice Link(FleetDevice device, string reason) =>
        own?.Id == device.Id ? new OwnDeviceLink(own, reason) : new RemoteDeviceLink(device, reason, fleet, here.SiloAddress, grains, time, logger);

    private static Problem NoDevice() => new(
        ProblemCodes.DeviceLost, 503,
        "No device of the fleet is ready: all have left, are draining or have not been heard of lately. Send the same turn again when one has joined.", Retryable: true, RetryAfterMs: 2000);
}
