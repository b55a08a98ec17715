using HybridConversations.Conversations;
using HybridConversations.Orleans.Contracts;
using HybridConversations.Storage;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Orleans.Fleet;

/// <summary>
/// Chooses the device of each turn: the one that holds the conversation's KV state unless it is saturated, else the one that would be done soonest.
/// </summary>
internal sealed partial class FleetDevicePicker(
    FleetDirectory fleet, FleetOptions options, SiloDevice? own, ILocalSiloDetails here, IGrainFactory grains, TimeProvider time, ILogger<FleetDevicePicker> logger) : IDevicePicker
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
        if (holder is not null && !IsSaturated(holder.Status))
        {
            return (holder, $"Device '{holder.Id}' holds the conversation's KV state.");
        }

        // About 4 characters of English are a token; what the KV state had says more where there is one.
        var promptTokens = (head.Kv?.Tokens ?? 0) + (turn.Text.Length / 4);
        var chosen = CompletionTime.Soonest(devices, promptTokens, holder?.Id) ?? throw new ProblemException(NoDevice());
        var expected = CompletionTime.Predict(chosen.Status, chosen.Id == holder?.Id ? 0 : promptTokens);
        var why = holder is not null && chosen.Id != holder.Id ? $"device '{holder.Id}', which holds the KV state, is saturated"
            : holder is not null ? "it holds the KV state and, although it is saturated, nobody would be done sooner"
            : head.Kv is { } gone ? $"device '{gone.DeviceId}', which had the KV state, is not available"
            : "the conversation has no KV state yet";
        return (chosen, $"Device '{chosen.Id}' would be done soonest (in about {expected:0} ms); {why}.");
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

    private bool IsSaturated(DeviceStatus device) =>
        device.Load.Waiting >= device.Load.QueueLimit || (device.Load.Waiting > 0 && CompletionTime.WaitMs(device) > options.SaturatedAfter.TotalMilliseconds);

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
