using System.Runtime.CompilerServices;

namespace HybridConversations.Http.Streaming;

/// <summary>Signs of life in streams that are slow.</summary>
internal static class Heartbeats
{
    /// <summary>The same, with a null wherever nothing came for as long as <paramref name="heartbeat"/>.</summary>
    public static async IAsyncEnumerable<T?> WithHeartbeats<T>(this IAsyncEnumerable<T> source, TimeSpan heartbeat, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        where T : class
    {
        await using var items = new PatientEnumerator<T>(_ => source, time, cancellationToken);
        while (await items.Next(heartbeat) is not Arrival.End and var arrival)
        {
            yield return arrival == Arrival.Item ? items.Current : null;
        }
    }
}
