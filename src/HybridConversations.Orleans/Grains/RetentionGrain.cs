using HybridConversations.Conversations.Forgetting;
using HybridConversations.Orleans.Contracts;
using HybridConversations.Orleans.Fleet;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Orleans.Grains;

/// <summary>
/// One reminder for the whole fleet instead of one for each conversation: a million reminders would be a million timers. (Devices save KV states by themselves,
/// moments after a reply.) Sweeps in slices, so that it never keeps anyone waiting for long.
/// </summary>
[GrainType("retention")]
internal sealed class RetentionGrain(FleetOptions options, FleetUnused unused, TimeProvider time, ILogger<RetentionGrain> logger) : Grain, IRetentionGrain, IRemindable
{
    private const string Reminder = "sweep";

    /// <summary>Due soon, not after a whole period: every silo that starts sets it again, and a fleet that restarts more often would never sweep.</summary>
    private static readonly TimeSpan FirstDue = TimeSpan.FromSeconds(5);

    /// <summary>Others go first between two slices.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    private readonly RetentionSweep? _sweep = options.Retention is { } retention ? new RetentionSweep(unused, retention, time, logger) : null;
    private IGrainTimer? _next;

    public Task Start() => this.RegisterOrUpdateReminder(Reminder, FirstDue, options.RetentionPeriod);

    public Task ReceiveReminder(string reminderName, TickStatus status) => Sweep();

    public async Task<int> Sweep(CancellationToken cancellationToken = default)
    {
        _next?.Dispose();
        _next = null;
        if (_sweep is null)
        {
            return 0;
        }

        var (forgotten, more) = await _sweep.Slice(cancellationToken);
        if (more)
        {
            _next = this.RegisterGrainTimer(
                async stop => await Sweep(stop), new GrainTimerCreationOptions(Rest, Timeout.InfiniteTimeSpan) { KeepAlive = true });
        }

        return forgotten;
    }
}
