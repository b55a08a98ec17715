using System.Runtime.CompilerServices;

namespace HybridConversations.Observability;

/// <summary>A stream passed on as it is, whose end is told.</summary>
internal static class WatchedStream
{
    /// <param name="stream">What is passed on.</param>
    /// <param name="ended">Told once, however it ended: the last event, null when there was none; and what it threw, null when it ran out or its reader left.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async IAsyncEnumerable<T> Over<T>(IAsyncEnumerable<T> stream, Action<T?, Exception?> ended, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class
    {
        T? last = null;
        Exception? error = null;
        await using var events = stream.GetAsyncEnumerator(cancellationToken);
        try
        {
            while (true)
            {
                try
                {
                    if (!await events.MoveNextAsync())
                    {
                        break;
                    }
                }
                catch (Exception broke)
                {
                    error = broke;
                    throw;
                }

                last = events.Current;
                yield return last;
            }
        }
        finally
        {
            ended(last, error);
        }
    }
}
