using HybridConversations.Cloud;
using HybridConversations.Tests.Escalations;

namespace HybridConversations.Tests.Cloud;

public sealed class RetryAfterHeaderTests
{
    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("2", null, 2_000.0)]
    [InlineData("0", null, 0.0)]
    [InlineData("1.5", null, 1_500.0)]
    [InlineData("-3", null, 0.0)]
    [InlineData("99999999999999999999", null, 86_400_000.0)]
    [InlineData("Sat, 14 Mar 2026 12:00:30 GMT", null, 30_000.0)]
    [InlineData("Sat, 14 Mar 2026 11:00:00 GMT", null, 0.0)]
    [InlineData("soon", null, null)]
    [InlineData("NaN", null, null)]
    [InlineData("2", "250", 250.0)]
    [InlineData("2", "soon", 2_000.0)]
    public void Seconds_dates_and_milliseconds(string? seconds, string? milliseconds, double? expectedMs) =>
        Assert.All((string[])["retry-after-ms", "x-ms-retry-after-ms"], precise =>
            Assert.Equal(expectedMs, RetryAfterHeader.Read(name => name == "Retry-After" ? seconds : name == precise ? milliseconds : null, _time)?.TotalMilliseconds));
}
