namespace HybridConversations.Tests.Common;

/// <summary>Time that moves only when told to.</summary>
public sealed class VirtualClock : TimeProvider
{
    private long _jumped;
    private long _ticks = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    public override DateTimeOffset GetUtcNow() => new(GetTimestamp() + Interlocked.Read(ref _jumped), TimeSpan.Zero);

    /// <summary>Sets the time of day, as an administrator or a time server does: what is measured goes on as before.</summary>
    public void Jump(TimeSpan by) => Interlocked.Add(ref _jumped, by.Ticks);

    public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}
