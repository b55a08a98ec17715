using HybridConversations.Devices;

namespace HybridConversations.InProcess;

/// <summary>The truce with the one device of this process.</summary>
/// <param name="device">The device.</param>
public sealed class SingleDeviceTruce(LocalDevice device) : IDeviceTruce
{
    /// <inheritdoc/>
    public Task Yield(string deviceId, TimeSpan time, CancellationToken cancellationToken = default)
    {
        if (deviceId != device.Id)
        {
            throw new ProblemException(ProblemCodes.Missing($"There is no device '{deviceId}' here; there is '{device.Id}'."));
        }

        device.Yield(time);
        return Task.CompletedTask;
    }
}
