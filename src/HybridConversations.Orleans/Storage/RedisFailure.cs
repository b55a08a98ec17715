using StackExchange.Redis;

namespace HybridConversations.Orleans.Storage;

/// <summary>What its client throws when Redis cannot be reached or does not answer.</summary>
internal static class RedisFailure
{
    /// <summary>A connection that breaks while its answer is read fails with the error of the pipe.</summary>
    public static bool Is(Exception error) => error is RedisException or TimeoutException or InvalidOperationException { Source: "System.IO.Pipelines" };
}
