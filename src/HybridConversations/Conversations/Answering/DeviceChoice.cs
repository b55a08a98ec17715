using HybridConversations.Storage;

namespace HybridConversations.Conversations;

/// <summary>The device that would answer a turn, or why there is none: that matters only when the turn is not answered by the cloud.</summary>
internal sealed class DeviceChoice
{
    private readonly IDevice? _device;
    private readonly ProblemException? _refusal;

    private DeviceChoice(IDevice? device, DeviceStatus? status, ProblemException? refusal)
    {
        _device = device;
        Status = status;
        _refusal = refusal;
    }

    /// <summary>Why it was chosen; null where there was no choice.</summary>
    public string? Reason => (_device as IChosenDevice)?.Reason;

    /// <summary>Its load, for the router; null when there is no device.</summary>
    public DeviceStatus? Status { get; }

    public static async ValueTask<DeviceChoice> Make(IDevicePicker picker, ConversationHead head, Turn turn, CancellationToken cancellationToken)
    {
        try
        {
            var device = await picker.Pick(head, turn, cancellationToken);
            return new DeviceChoice(device, await device.Status(cancellationToken), null);
        }
        catch (ProblemException refusal)
        {
            return new DeviceChoice(null, null, refusal);
        }
    }

    /// <exception cref="ProblemException">There is no device.</exception>
    public (IDevice Device, DeviceStatus Status) OrThrow() =>
        _device is null || Status is null ? throw new ProblemException(_refusal!.Problem, _refusal) : (_device, Status);
}
