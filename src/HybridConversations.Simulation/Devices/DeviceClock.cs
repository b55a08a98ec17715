namespace HybridConversations.Simulation.Devices;

/// <summary>Simulated time, of one device or of all: set by the simulation, and moved on by a device's computing.</summary>
internal sealed class DeviceClock : TimeProvider
{
    private long _ticks;

    /// <summary>Seconds since the simulation began.</summary>
    public double Seconds
    {
        get => (double)_ticks / TimeSpan.TicksPerSecond;
        set => _ticks = Ticks(value);
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>The timestamp of a moment.</summary>
    public static long Ticks(double seconds) => (long)(seconds * TimeSpan.TicksPerSecond);

    public override long GetTimestamp() => _ticks;

    public void Spend(double milliseconds) => _ticks += (long)(milliseconds * TimeSpan.TicksPerMillisecond);
}
