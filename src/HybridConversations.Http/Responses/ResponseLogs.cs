using HybridConversations.Http.Items;
using HybridConversations.Http.Keys;

namespace HybridConversations.Http.Responses;

/// <summary>The logs of this process: those that run, and for a while those that have ended. Whatever is let go can be told again from the record. Thread-safe.</summary>
internal sealed class ResponseLogs(TimeProvider time)
{
    private const int MaxEnded = 64;
    private const long MaxEndedBytes = 32 << 20;
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string? Tenant, ResponseId Id), ResponseLog> _logs = [];
    private readonly Queue<(DateTimeOffset Ended, (string? Tenant, ResponseId Id) Key)> _ended = new();
    private long _endedBytes;

    public void Add(Caller caller, ResponseId id, ResponseLog log)
    {
        lock (_lock)
        {
            _logs[(caller.Tenant, id)] = log;
        }
    }

    /// <summary>The log of a response; null where this process has none, or has let it go.</summary>
    public ResponseLog? Find(Caller caller, ResponseId id)
    {
        lock (_lock)
        {
            LetGo();
            return _logs.GetValueOrDefault((caller.Tenant, id));
        }
    }

    /// <summary>It has ended, and counts among those that are kept for a while.</summary>
    public void End(Caller caller, ResponseId id)
    {
        lock (_lock)
        {
            if (_logs.TryGetValue((caller.Tenant, id), out var log))
            {
                _ended.Enqueue((time.GetUtcNow(), (caller.Tenant, id)));
                _endedBytes += log.Bytes;
                LetGo();
            }
        }
    }

    private void LetGo()
    {
        while (_ended.TryPeek(out var oldest) && (_ended.Count > MaxEnded || _endedBytes > MaxEndedBytes || time.GetUtcNow() - oldest.Ended > Kept))
        {
            _ended.Dequeue();
            if (_logs.Remove(oldest.Key, out var log))
            {
                _endedBytes -= log.Bytes;
            }
        }
    }
}
