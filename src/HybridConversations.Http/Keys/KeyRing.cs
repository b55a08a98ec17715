using System.Security.Cryptography;

namespace HybridConversations.Http.Keys;

/// <summary>The keys that count now. Looks whether the file has changed once a second at most, so that a key that was revoked is refused a second later. Thread-safe.</summary>
internal sealed partial class KeyRing(KeyOptions options, AuditLog audit, TimeProvider time, ILogger<KeyRing> logger)
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private readonly KeyFile? _file = options.File is { } path ? new KeyFile(path) : null;
    private readonly Lock _lock = new();
    private IReadOnlyList<ApiKey> _keys = options.Fixed;
    private (DateTime Written, long Length) _seen;
    private long _lookedAt;
    private bool _looked;

    /// <summary>The key with which this process asks itself; nobody else knows it.</summary>
    public string Own { get; } = "own_" + RandomNumberGenerator.GetHexString(64);

    /// <summary>True when nobody is let in without a key.</summary>
    public bool IsAsked => options.Required || Keys.Count > 0;

    private IReadOnlyList<ApiKey> Keys
    {
        get
        {
            lock (_lock)
            {
                if (_file is not null && (!_looked || time.GetElapsedTime(_lookedAt) >= Look))
                {
                    (_looked, _lookedAt) = (true, time.GetTimestamp());
                    LookAtFile(_file);
                }

                return _keys;
            }
        }
    }

    /// <summary>Who bears this key; null for nobody.</summary>
    public ApiKey? Find(string key)
    {
        var own = new ApiKey { Id = "own", Name = "this process", Role = KeyRole.Talk, Tenant = Tenants.Default, Hash = KeySecret.Hash(Own) };
        return KeySecret.Find(key, [own, .. Keys]);
    }

    private void LookAtFile(KeyFile file)
    {
        var info = new FileInfo(file.Path);
        var seen = info.Exists ? (info.LastWriteTimeUtc, info.Length) : default;
        if (seen == _seen)
        {
            return;
        }

        try
        {
            ApiKey[] keys = [.. options.Fixed, .. file.Read()];
            Tell(keys);
            (_keys, _seen) = (keys, seen);
            LogRead(_keys.Count);
        }
        catch (ProblemException error)
        {
            // What was true before stays true: a file that is half written must let nobody in, and lock nobody out.
            LogNotRead(error.Message);
        }
    }

    /// <summary>Whoever changes the file, it is told here: who counts from now on, and who no more.</summary>
    private void Tell(ApiKey[] keys)
    {
        foreach (var key in keys.Except(_keys))
        {
            audit.Changed(key, isThere: true);
        }

        foreach (var key in _keys.Except(keys))
        {
            audit.Changed(key, isThere: false);
        }
    }

    [LoggerMessage(700, LogLevel.Information, "{Count} keys count.")]
    private partial void LogRead(int count);

    [LoggerMessage(701, LogLevel.Error, "The keys of before still count: {Why}")]
    private partial void LogNotRead(string why);
}
