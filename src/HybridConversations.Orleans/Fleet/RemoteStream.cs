using System.Runtime.CompilerServices;

namespace HybridConversations.Orleans.Fleet;

/// <summary>Reads a stream of another silo, and tells its loss as what it means to the caller.</summary>
internal static class RemoteStream
{
    /// <param name="stream">The stream.</param>
    /// <param name="here">The silo that reads.</param>
    /// <param name="lost">What to throw when the other silo is lost.</param>
    /// <param name="wait">How to wait for the next item; null to wait as long as it takes.</param>
    /// <param name="cancellationToken">Ends the reading; what fails then is no loss.</param>
    public static async IAsyncEnumerable<T> Read<T>(
        IAsyncEnumerable<T> stream, SiloAddress here, Func<Exception, ProblemException> lost, Func<ValueTask<bool>, ValueTask<bool>>? wait = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var events = stream.GetAsyncEnumerator(cancellationToken);
        var isLost = false;
        try
        {
            for (var first = true; ; first = false)
            {
                bool any;
                try
                {
                    var next = CallerSilo.MoveNext(events, here, first);
                    any = await (wait is null ? next : wait(next));
                }
                catch (Exception error) when (ClusterProblems.IsLoss(error) && !cancellationToken.IsCancellationRequested)
                {
                    isLost = true;
                    throw lost(error);
                }

                if (!any)
                {
                    break;
                }

                yield return events.Current;
            }
        }
        finally
        {
            // A silo that is lost would let this wait for a time-out.
            if (!isLost)
            {
                await events.DisposeAsync();
            }
        }
    }
}
