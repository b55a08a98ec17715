using HybridConversations.Conversations;
using HybridConversations.Orleans.Contracts;
using HybridConversations.Orleans.Streams;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Orleans.Fleet;

/// <summary>The way to another silo's device. Notices its loss when membership or its silence says so, not only when a call times out.</summary>
internal sealed partial class RemoteDeviceLink(
    FleetDevice device, string reason, FleetDirectory fleet, SiloAddress here, IGrainFactory grains, TimeProvider time, ILogger logger) : IChosenDevice
{
    private static readonly TimeSpan LookAround = TimeSpan.FromSeconds(1);
    private readonly IDeviceGrain _grain = grains.GetGrain<IDeviceGrain>(device.Id);

    public string Reason => reason;

    /// <summary>Whoever reads this slowly keeps neither the device waiting nor the stream so long that Orleans gives it up, as if the device were lost.</summary>
    public IAsyncEnumerable<DeviceEvent> Generate(DeviceRequest request, CancellationToken cancellationToken = default) =>
        StreamBuffers.OfDevice().Relay(left => RemoteStream.Read(_grain.Generate(request, left), here, Lost, Next, left), cancellationToken);

    public Task Listen(DeviceRequest draft, bool speculate, CancellationToken cancellationToken = default) =>
        Call(_grain.Listen(draft, speculate, cancellationToken));

    public Task Forget(string conversationId, CancellationToken cancellationToken = default) => Call(_grain.Forget(conversationId, cancellationToken));

    /// <summary>As it last reported: a turn does not wait for a device to say again what it said a second ago.</summary>
    public ValueTask<DeviceStatus> Status(CancellationToken cancellationToken = default) => new(device.Status);

    private async ValueTask<bool> Next(ValueTask<bool> next)
    {
        if (next.IsCompleted)
        {
            return await next;
        }

        var pending = next.AsTask();
        while (!pending.IsCompleted)
        {
            try
            {
                await ((Task)pending).WaitAsync(LookAround, time);
            }
            catch (TimeoutException)
            {
                // It may have come in that very moment.
                if (!pending.IsCompleted && fleet.IsLost(device))
                {
                    throw new SilentDeviceException();
                }
            }
        }

        return await pending;
    }

    private async Task Call(Task call)
    {
        try
        {
            await call;
        }
        catch (Exception error) when (ClusterProblems.IsLoss(error))
        {
            throw Lost(error);
        }
    }

    private ProblemException Lost(Exception error)
    {
        fleet.Suspect(device);
        LogLost(error, device.Id);
        return new ProblemException(ClusterProblems.DeviceLost(device.Id), error);
    }

    [LoggerMessage(320, LogLevel.Warning, "Device {Device} was lost")]
    private partial void LogLost(Exception error, string device);
}
