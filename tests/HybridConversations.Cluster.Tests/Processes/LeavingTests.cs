using System.Diagnostics;

namespace HybridConversations.Cluster.Tests.Processes;

/// <summary>How processes of a fleet start and end when something is not as it should be.</summary>
public sealed class LeavingTests
{
    [SkippableFact]
    public async Task A_process_ends_within_its_own_limits_although_Redis_cannot_be_reached()
    {
        using var redis = await RedisServer.Start();
        var data = Directory.CreateTempSubdirectory("hc-leave-");
        try
        {
            await using var device = SiloProcess.Launch("jetson-1", true, redis, data.FullName, "--drain-seconds", "2", "--redis-timeout-ms", "1000");
            await device.Ready();
            redis.Stop();
            var began = Stopwatch.GetTimestamp();

            device.Terminate();

            // 2 s for turns, twice (HTTP, silo), and what it gets to say goodbye and let go.
            await device.Exited();
            Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0, 40);
            Assert.Equal(0, device.ExitCode);
        }
        finally
        {
            data.Delete(true);
        }
    }

    [SkippableFact]
    public async Task The_second_machine_of_one_id_is_refused_and_told_who_has_it()
    {
        using var redis = await RedisServer.Start();
        var data = Directory.CreateTempSubdirectory("hc-leave-");
        try
        {
            await using var device = SiloProcess.Launch("jetson-1", true, redis, data.FullName);
            await device.Ready();
            await using var other = SiloProcess.Launch("jetson-1", true, redis, Path.Combine(data.FullName, "other"));
            await other.Exited();
            Assert.NotEqual(0, other.ExitCode);
            Assert.Contains("'jetson-1' is in the fleet already: 127.0.0.1:", other.Log, StringComparison.Ordinal);

            // One that was killed and starts again is the same device, also before it was declared dead. (Somebody must be there to declare it.)
            await using var gateway = SiloProcess.Launch("gateway", false, redis, data.FullName);
            await gateway.Ready();
            device.Kill();
            await device.Exited();
            await using var again = SiloProcess.Launch("jetson-1", true, redis, data.FullName);
            await again.Ready();
        }
        finally
        {
            data.Delete(true);
        }
    }

    /// <summary>Two machines from one memory card, switched on together.</summary>
    [SkippableFact]
    public async Task Of_two_machines_of_one_id_that_start_together_one_joins()
    {
        using var redis = await RedisServer.Start();
        var data = Directory.CreateTempSubdirectory("hc-leave-");
        try
        {
            await using var one = SiloProcess.Launch("jetson-1", true, redis, Path.Combine(data.FullName, "one"));
            await using var two = SiloProcess.Launch("jetson-1", true, redis, Path.Combine(data.FullName, "two"));
            var left = await await Task.WhenAny(Leaves(one), Leaves(two));

            Assert.NotEqual(0, left.ExitCode);
            Assert.Contains("'jetson-1' is in the fleet already: 127.0.0.1:", left.Log, StringComparison.Ordinal);
            await (left == one ? two : one).Ready();
        }
        finally
        {
            data.Delete(true);
        }

        static async Task<SiloProcess> Leaves(SiloProcess process)
        {
            await process.Exited();
            return process;
        }
    }

    [SkippableFact]
    public async Task A_Redis_that_may_lose_conversations_is_told_and_refused_where_that_is_wanted()
    {
        using var redis = await RedisServer.Start("--appendonly no --maxmemory-policy allkeys-lru");
        var data = Directory.CreateTempSubdirectory("hc-leave-");
        try
        {
            await using var gateway = SiloProcess.Launch("gateway", false, redis, data.FullName);
            await Eventually.Holds(
                () => gateway.Log.Contains("maxmemory-policy is 'allkeys-lru'", StringComparison.Ordinal) && gateway.Log.Contains("append-only file is off", StringComparison.Ordinal),
                () => $"it is told: {gateway.Log}");

            await using var strict = SiloProcess.Launch("gateway", false, redis, data.FullName, "--redis-durability", "required");
            await strict.Exited();
            Assert.NotEqual(0, strict.ExitCode);
            Assert.Contains("--redis-durability is 'required'", strict.Log, StringComparison.Ordinal);
        }
        finally
        {
            data.Delete(true);
        }
    }
}
