namespace HybridConversations.Bench.Tests;

/// <summary>A clock that stands still until it is moved. A timestamp is a microsecond.</summary>
internal sealed class ManualClock : TimeProvider
{
    private long _now = 1_000_000;

    public override long TimestampFrequency => 1_000_000;

    public override long GetTimestamp() => _now;

    public void Advance(double milliseconds) => _now += (long)(milliseconds * 1000);
}
