using Microsoft.Extensions.Logging;

namespace HybridConversations.Conversations.Forgetting;

/// <summary>
/// Forgets what nobody has used for the retention time, in slices that are bounded in time: a few conversations at once, the oldest first. What was forgotten is
/// no longer on the list, so the next slice, in this process or in another, goes on where this one stopped. What could not be forgotten is passed over until
/// a sweep begins anew.
/// </summary>
/// <param name="conversations">Whose.</param>
/// <param name="retention">How long an unused conversation is kept.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told what was forgotten and what was not.</param>
public sealed partial class RetentionSweep(IUnusedConversations conversations, TimeSpan retention, TimeProvider time, ILogger logger)
{
    private const int Batch = 100;
    private const int AtOnce = 8;
    private static readonly TimeSpan SliceLimit = TimeSpan.FromSeconds(4);

    /// <summary>Passed over since the sweep began. Only one slice runs at a time.</summary>
    private int _kept;

    /// <summary>Forgets for some seconds at most.</summary>
    /// <returns>How many were forgotten, and whether there may be more to do now.</returns>
    public async Task<(int Forgotten, bool More)> Slice(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var before = time.GetUtcNow() - retention;
        var forgotten = 0;
        var more = true;
        while (more && time.GetElapsedTime(began) < SliceLimit)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var due = await conversations.UnusedSince(before, _kept, Batch);
            var done = 0;
            foreach (var some in due.Chunk(AtOnce).TakeWhile(_ => time.GetElapsedTime(began) < SliceLimit))
            {
                var results = await Task.WhenAll(some.Select(id => Forget(id, before)));
                forgotten += results.Count(result => result);
                _kept += results.Count(result => !result);
                done += some.Length;
            }

            more = done < due.Count || due.Count == Batch;
        }

        _kept = more ? _kept : 0;
        if (forgotten > 0)
        {
            LogForgotten(forgotten, retention);
        }

        return (forgotten, more);
    }

    private async Task<bool> Forget(string id, DateTimeOffset before)
    {
        try
        {
            return await conversations.ForgetUnused(id, before);
        }
        catch (Exception error)
        {
            LogNotForgotten(error, id);
            return false;
        }
    }

    [LoggerMessage(210, LogLevel.Information, "{Count} conversations that nobody had used for {Retention} were forgotten")]
    private partial void LogForgotten(int count, TimeSpan retention);

    [LoggerMessage(211, LogLevel.Warning, "Conversation {Conversation} could not be forgotten; the next sweep tries again")]
    private partial void LogNotForgotten(Exception error, string conversation);
}
