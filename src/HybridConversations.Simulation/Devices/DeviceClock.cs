namespace HybridConversations.Simulation.Devices;

/// <summary>The time of one simulated device: set by the simulation, moved on by its computing.</summary>
internal sealed class DeviceClock : TimeProvider
{
    private long _ticks;

    /// <summary>Seconds since the simulation began.</summary>
    public double Seconds
    {
        get => (double)_ticks / TimeSpan.TicksPerSecond;
        set => _ticks = (long)(value * TimeSpan.TicksPerSecond);
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    public void Spend(double milliseconds) => _ticks += (long)(milliseconds * TimeSpan.TicksPerMillisecond);
}
