using System.Diagnostics;
using HybridConversations.Client;
using Xunit.Abstractions;

namespace HybridConversations.Cluster.Tests.Processes;

public sealed class RushTests(ITestOutputHelper output)
{
    private const int Conversations = 1000;
    private const long MaxGrowth = 400L << 20;

    [SkippableFact]
    public async Task A_thousand_conversations_opened_at_once_are_all_answered_or_told_when_to_try_again()
    {
        using var redis = await RedisServer.Start();
        var data = Directory.CreateTempSubdirectory("hc-rush-");
        try
        {
            // A queue that is too short for all of them.
            await using var device = SiloProcess.Launch("jetson-1", true, redis, data.FullName);
            await device.Ready();
            await using var gateway = SiloProcess.Launch("gateway", false, redis, data.FullName);
            await gateway.Ready();
            using var http = HttpConversations.CreateClient(gateway.Url);
            var conversations = new HttpConversations(http);
            await conversations.Get("first").Whole("Hello.");
            var before = device.Memory + gateway.Memory;
            var (refused, most) = (0, 0L);
            var began = Stopwatch.GetTimestamp();

            await Task.WhenAll(Enumerable.Range(0, Conversations).Select(async i =>
            {
                var turn = new Turn { TurnId = "t", Text = "Hello.", Sampling = new SamplingOptions { MaxTokens = 2, Temperature = 0 } };
                while (true)
                {
                    var end = (await conversations.Get($"rush-{i}").All(turn, TimeSpan.FromSeconds(100)))[^1];
                    InterlockedMax(ref most, device.Memory + gateway.Memory);
                    if (end is not ReplyFailed { Problem: var problem })
                    {
                        Assert.IsType<ReplyCompleted>(end);
                        break;
                    }

                    Interlocked.Increment(ref refused);
                    Assert.Equal((ProblemCodes.Overloaded, true), (problem.Code, problem.Retryable));
                    Assert.NotNull(problem.RetryAfterMs);
                    await Task.Delay(problem.RetryAfterMs.Value);
                }
            }));

            output.WriteLine($"{Conversations} conversations in {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s; {refused} refusals; memory grew by {(most - before) >> 20} MiB at most");
            Assert.True(most - before < MaxGrowth, $"Memory grew from {before >> 20} to {most >> 20} MiB.");
            await Parallel.ForAsync(0, Conversations, async (i, _) =>
            {
                var stored = Assert.Single(await conversations.Get($"rush-{i}").History());
                Assert.Equal(("t", TurnState.Completed), (stored.TurnId, stored.State));
            });
        }
        finally
        {
            data.Delete(true);
        }

        static void InterlockedMax(ref long target, long value)
        {
            for (var seen = Volatile.Read(ref target); value > seen; seen = Volatile.Read(ref target))
            {
                Interlocked.CompareExchange(ref target, value, seen);
            }
        }
    }
}
