using HybridConversations.Orleans.Contracts;
using HybridConversations.Orleans.Fleet;
using HybridConversations.Orleans.Storage;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Orleans.Grains;

/// <summary>
/// One reminder for the whole fleet instead of one for each conversation: a million reminders would be a million timers. (Devices save KV states by themselves,
/// moments after a reply.)
/// </summary>
[GrainType("retention")]
internal sealed partial class RetentionGrain(FleetOptions options, IConversationIndex index, IGrainFactory grains, TimeProvider time, ILogger<RetentionGrain> logger)
    : Grain, IRetentionGrain, IRemindable
{
    private const string Reminder = "sweep";
    private const int Batch = 100;

    /// <summary>Due soon, not after a whole period: every silo that starts sets it again, and a fleet that restarts more often would never sweep.</summary>
    private static readonly TimeSpan FirstDue = TimeSpan.FromSeconds(5);

    public Task Start() => this.RegisterOrUpdateReminder(Reminder, FirstDue, options.RetentionPeriod);

    public Task ReceiveReminder(string reminderName, TickStatus status) => Sweep();

    public async Task<int> Sweep(CancellationToken cancellationToken = default)
    {
        var forgotten = 0;
        if (options.Retention is not { } retention)
        {
            return forgotten;
        }

        while (!cancellationToken.IsCancellationRequested)
        {
            var due = await index.UnusedSince(time.GetUtcNow() - retention, Batch);
            var done = await Task.WhenAll(due.Select(Forget));
            forgotten += done.Count(d => d);
            if (due.Count < Batch || done.All(d => !d))
            {
                break;
            }
        }

        if (forgotten > 0)
        {
            LogForgotten(forgotten, retention);
        }

        return forgotten;
    }

    private async Task<bool> Forget(string id)
    {
        try
        {
            await grains.GetGrain<IConversationGrain>(id).Delete();
            await index.Remove(id); // also where the list knew more than the storage
            return true;
        }
        catch (Exception error)
        {
            LogNotForgotten(error, id);
            return false;
        }
    }

    [LoggerMessage(340, LogLevel.Information, "{Count} conversations that nobody had used for {Retention} were forgotten")]
    private partial void LogForgotten(int count, TimeSpan retention);

    [LoggerMessage(341, LogLevel.Warning, "Conversation {Conversation} could not be forgotten; the next sweep tries again")]
    private partial void LogNotForgotten(Exception error, string conversation);
}
