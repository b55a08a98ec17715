using HybridConversations.Cli.Hosting.Processes;

namespace HybridConversations.Cli.Doctor;

/// <summary>Redis: only a fleet wants it.</summary>
internal static class RedisCheck
{
    public static Finding Examine() =>
        Finding.Ok("redis", LocalRedis.FindProgram() is { } program ? $"{program} (for a fleet)" : "not here (one machine does without; a fleet wants one somewhere)");
}
