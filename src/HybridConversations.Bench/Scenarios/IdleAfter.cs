using HybridConversations.Bench.Http;

namespace HybridConversations.Bench.Scenarios;

/// <summary>How long a server stays busy after its clients have left.</summary>
internal static class IdleAfter
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Asks until the server says that nothing runs or waits. Null when it does not tell.</summary>
    /// <exception cref="TargetException">It is still busy after a minute.</exception>
    public static async Task<double?> Milliseconds(ScenarioContext context, CancellationToken cancellationToken)
    {
        var started = context.Clock.GetTimestamp();
        while (await TargetLoad.Read(context.Target, cancellationToken) is { } load)
        {
            var elapsed = context.Clock.GetElapsedTime(started);
            if (load.Busy == 0)
            {
                return elapsed.TotalMilliseconds;
            }

            if (elapsed > Limit)
            {
                throw new TargetException($"{context.Target.Endpoint.Name} still has {load.Busy} requests {elapsed.TotalSeconds:0} s after their clients left.");
            }

            await Task.Delay(Poll, context.Clock, cancellationToken);
        }

        return null;
    }
}
