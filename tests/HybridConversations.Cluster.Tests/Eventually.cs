using System.Diagnostics;

namespace HybridConversations.Cluster.Tests;

/// <summary>Waits for what a distributed system only says when asked: a condition, looked at often, with a limit in time.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(40);

    public static Task Holds(Func<bool> condition, Func<string> expected) => Holds(() => Task.FromResult(condition()), expected);

    public static async Task Holds(Func<Task<bool>> condition, Func<string> expected, TimeSpan? limit = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            if (watch.Elapsed > (limit ?? Limit))
            {
                Assert.Fail($"After {watch.Elapsed.TotalSeconds:0} s still not: {expected()}");
            }

            await Task.Delay(20);
        }
    }
}
