using System.Globalization;
using System.Net.Sockets;
using HybridConversations.Cli.Settings;
using HybridConversations.Orleans.Hosting;
using StackExchange.Redis;

namespace HybridConversations.Cli.Hosting.Fleet;

/// <summary>Why a process could not get into the fleet, in words that say what to do.</summary>
internal static class StartFailure
{
    private const int AskMs = 2000;

    /// <returns>A problem where the reason is known, else <paramref name="error"/> as it is.</returns>
    public static Exception Explain(Exception error, RedisOptions redis)
    {
        foreach (var cause in Causes(error))
        {
            if (cause is ProblemException)
            {
                return cause;
            }

            if (cause is RedisException or TimeoutException { Source: "StackExchange.Redis" })
            {
                return Unready(Refuses(error.ToString()) || WantsPassword(redis.Endpoints)
                    ? $"Redis at {redis.Endpoints} does not let this process in: check {FleetSettings.RedisPassword.Variable} and {FleetSettings.RedisUser.Option}."
                    : $"Redis at {redis.Endpoints} cannot be reached, or does not answer. Start it (redis-server --appendonly yes --appendfsync always), or say where it is "
                        + $"with {FleetSettings.Redis.Option} HOST:PORT and whether it wants TLS with {FleetSettings.RedisTls.Option}.", error);
            }

            if (cause.GetType().Name == "OrleansClusterConnectivityCheckFailedException")
            {
                return Unready(
                    "A silo of the fleet cannot be reached or does not let this process in: check the network between all silos and their ports, "
                    + $"{FleetSettings.Address.Option}, the join token and the certificates; the log has each refusal. ({cause.Message.ReplaceLineEndings(" ")})", error);
            }
        }

        return error;
    }

    private static bool Refuses(string message) =>
        message.Contains("AuthenticationFailure", StringComparison.Ordinal) || message.Contains("NOAUTH", StringComparison.Ordinal) || message.Contains("WRONGPASS", StringComparison.Ordinal);

    /// <summary>Asks it: on a busy machine the client gives up waiting before it has heard why it was refused.</summary>
    private static bool WantsPassword(string endpoints)
    {
        try
        {
            var first = endpoints.Split(',')[0].Trim();
            var colon = first.LastIndexOf(':');
            using var connection = new TcpClient { SendTimeout = AskMs, ReceiveTimeout = AskMs };
            if (!connection.ConnectAsync(first[..colon], int.Parse(first.AsSpan(colon + 1), CultureInfo.InvariantCulture)).Wait(AskMs))
            {
                return false;
            }

            var stream = connection.GetStream();
            stream.Write("PING\r\n"u8);
            Span<byte> answer = stackalloc byte[64];
            return answer[..stream.Read(answer)].StartsWith("-NOAUTH"u8);
        }
        catch (Exception error) when (error is SocketException or IOException or AggregateException or ArgumentException or FormatException)
        {
            return false;
        }
    }

    private static ProblemException Unready(string what, Exception error) => new(ProblemCodes.Unready(what, 1000), error);

    private static IEnumerable<Exception> Causes(Exception error) =>
        error is AggregateException several ? several.InnerExceptions.SelectMany(Causes)
        : error.InnerException is { } inner ? Causes(inner).Prepend(error)
        : [error];
}
