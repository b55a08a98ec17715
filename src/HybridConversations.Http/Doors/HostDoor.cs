using System.Net;
using HybridConversations.Http.Problems;

namespace HybridConversations.Http.Doors;

/// <summary>
/// Refuses connections to a loopback address that ask for a stranger's host name: a page of that host had its name point at this machine (DNS rebinding),
/// and its scripts would read every conversation as if they were ours.
/// </summary>
internal sealed class HostDoor(RequestDelegate next, DoorOptions options)
{
    private const string Everything = "*";

    public Task InvokeAsync(HttpContext context)
    {
        // No address: no network either (in-memory connections, Unix sockets).
        if (context.Connection.LocalIpAddress is not { } local || !IPAddress.IsLoopback(local) || IsKnown(context.Request.Host.Host))
        {
            return next(context);
        }

        return ProblemAnswer.Write(context, HttpProblems.UnknownHost(context.Request.Host.Host));
    }

    private bool IsKnown(string host)
    {
        var name = host.TrimEnd('.');
        return name.Length == 0
            || name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
            || IPAddress.TryParse(name, out _)
            || name.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase)
            || name.Equals($"{Environment.MachineName}.local", StringComparison.OrdinalIgnoreCase)
            || options.AllowedHosts.Any(allowed => Matches(allowed, name));
    }

    private static bool Matches(string allowed, string name) =>
        allowed == Everything
        || allowed.Equals(name, StringComparison.OrdinalIgnoreCase)
        || (allowed.StartsWith("*.", StringComparison.Ordinal) && name.EndsWith(allowed[1..], StringComparison.OrdinalIgnoreCase));
}
