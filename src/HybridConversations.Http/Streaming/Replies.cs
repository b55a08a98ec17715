using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace HybridConversations.Http.Streaming;

/// <summary>Several replies of a device at a time, as one stream of events that say whose they are. The first that fails ends all.</summary>
internal static class Replies
{
    private const int EventsAhead = 16;

    public static async IAsyncEnumerable<(int Reply, DeviceEvent Event)> Generate(
        IDevice device, IReadOnlyList<DeviceRequest> requests, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (requests is [var only])
        {
            await foreach (var e in device.Generate(only, cancellationToken))
            {
                yield return (0, e);
            }

            yield break;
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var events = Channel.CreateBounded<(int, DeviceEvent)>(new BoundedChannelOptions(EventsAhead * requests.Count) { SingleReader = true });
        var all = Task.WhenAll(requests.Select((request, reply) => Read(device, request, reply, events.Writer, ending)));
        _ = all.ContinueWith(_ => events.Writer.TryComplete(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            await foreach (var e in events.Reader.ReadAllAsync(cancellationToken))
            {
                yield return e;
            }
        }
        finally
        {
            // Whoever leaves has freed the device of all of them.
            await ending.CancelAsync();
            await all.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task Read(IDevice device, DeviceRequest request, int reply, ChannelWriter<(int, DeviceEvent)> events, CancellationTokenSource ending)
    {
        try
        {
            await foreach (var e in device.Generate(request, ending.Token))
            {
                await events.WriteAsync((reply, e), ending.Token);
            }
        }
        catch (Exception error)
        {
            events.TryComplete(error);
            await ending.CancelAsync();
        }
    }
}
