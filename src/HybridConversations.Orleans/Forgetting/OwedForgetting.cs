using HybridConversations.Orleans.Fleet;
using HybridConversations.Orleans.Storage;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Orleans.Forgetting;

/// <summary>
/// A device looks what it still has to forget as soon as it has joined, before it is given turns, and every half minute: it may have been off, or out of reach, when
/// a conversation was deleted.
/// </summary>
internal sealed partial class OwedForgetting(SiloDevice device, IHolders holders, TimeProvider time, ILogger<OwedForgetting> logger) : SiloLoop(Period, time)
{
    private const int Batch = 100;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(30);

    protected override async Task Look(CancellationToken stop)
    {
        try
        {
            await Settle(stop);
        }
        catch (Exception error)
        {
            LogNotSettled(error, device.Id);
        }
    }

    private async Task Settle(CancellationToken stop)
    {
        var forgotten = 0;
        for (var more = true; more && !stop.IsCancellationRequested;)
        {
            var owed = await holders.OwedBy(device.Id, Batch);
            var done = 0;
            foreach (var conversation in owed)
            {
                done += await Settle(conversation, stop) ? 1 : 0;
            }

            forgotten += done;
            more = done == Batch;
        }

        if (forgotten > 0)
        {
            LogSettled(device.Id, forgotten);
        }
    }

    /// <summary>One that cannot be forgotten keeps no other.</summary>
    private async Task<bool> Settle(string conversation, CancellationToken stop)
    {
        try
        {
            await device.Forget(conversation, stop);
            await holders.Settle(conversation, device.Id);
            return true;
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            LogStillOwed(error, device.Id, conversation);
            return false;
        }
    }

    [LoggerMessage(374, LogLevel.Warning, "Device {Device} could not forget conversation {Conversation}; it tries again")]
    private partial void LogStillOwed(Exception error, string device, string conversation);

    [LoggerMessage(372, LogLevel.Information, "Device {Device} has forgotten {Count} conversations that were deleted while it was away")]
    private partial void LogSettled(string device, int count);

    [LoggerMessage(373, LogLevel.Warning, "What device {Device} has to forget could not be looked up; it tries again")]
    private partial void LogNotSettled(Exception error, string device);
}
