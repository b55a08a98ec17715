namespace HybridConversations.Inference.Tests.Engine;

/// <summary>The time of day is set by hours while the engine runs: a Jetson without a battery starts in 1970 and hears from a time server later.</summary>
public sealed class ClockJumpTests
{
    [Theory]
    [InlineData(5)]
    [InlineData(-5)]
    [InlineData(500_000)]
    public async Task Nothing_is_refused_ended_or_reordered(int hours)
    {
        var steady = await Run(_ => { });
        var random = new Random(hours);
        var jumping = await Run(driver =>
        {
            if (random.Next(3) == 0)
            {
                driver.Clock.Jump(TimeSpan.FromHours(hours * (random.NextDouble() - 0.3)));
            }
        });

        Assert.Equal(steady, jumping);
    }

    /// <summary>Turns of all classes with deadlines, more than run at once, and snapshots of idle ones; what came of each, in the order in which they ended.</summary>
    private static async Task<List<string>> Run(Action<CoreDriver> beforeStep)
    {
        var driver = new CoreDriver(new() { Cells = 3000, MaxSequences = 8 }, new() { MaxRunning = 3 });
        var ended = new List<string>();
        var open = Enumerable.Range(0, 24).Select(i =>
            driver.Submit($"turn {i} {new string((char)('a' + i), 40 * (i % 5))}", 20 + i, i % 2 == 0 ? $"c{i % 6}" : null, (TurnPriority)(i % 3), deadlineMs: i % 4 == 0 ? 60_000 : null)).ToList();
        var steps = 0;
        while (open.Count > 0)
        {
            beforeStep(driver);
            driver.Step();
            Assert.True(++steps < 10_000, "Somebody starves.");
            foreach (var generation in open.Where(g => g.Completion.IsCompleted).ToList())
            {
                open.Remove(generation);
                var result = await generation.Completion; // throws when it was refused
                ended.Add($"{generation.Request.Key} {generation.Request.Priority} {result.FinishReason} {result.Usage.CompletionTokens} {result.Timings}");
            }
        }

        return ended;
    }
}
