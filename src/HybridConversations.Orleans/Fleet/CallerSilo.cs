namespace HybridConversations.Orleans.Fleet;

/// <summary>
/// Says with a stream's first call which silo reads it, so that the other side can end it when that silo dies. Orleans alone would keep the stream of a
/// reader that has vanished for up to two response time-outs.
/// </summary>
internal static class CallerSilo
{
    private const string Key = "hc.caller";

    /// <summary>The silo that asked; null for a client, or a silo of a release that does not say.</summary>
    public static SiloAddress? Current => RequestContext.Get(Key) as SiloAddress;

    /// <summary>Begins or goes on with a stream. Only the first call needs to say who reads.</summary>
    public static ValueTask<bool> MoveNext<T>(IAsyncEnumerator<T> stream, SiloAddress? reader, bool first)
    {
        if (!first || reader is null)
        {
            return stream.MoveNextAsync();
        }

        RequestContext.Set(Key, reader);
        try
        {
            return stream.MoveNextAsync();
        }
        finally
        {
            RequestContext.Remove(Key);
        }
    }
}
