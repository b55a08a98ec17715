namespace HybridConversations.Devices;

/// <summary>A device of this process that can hold back.</summary>
public interface IYieldingDevice
{
    /// <inheritdoc cref="IDeviceTruce.Yield"/>
    void Yield(TimeSpan time);
}
