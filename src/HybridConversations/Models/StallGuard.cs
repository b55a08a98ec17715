namespace HybridConversations.Models;

/// <summary>Cancels a connection that brings too little in a stretch of time.</summary>
internal sealed class StallGuard : IDisposable
{
    private readonly ModelDownloaderOptions _options;
    private readonly CancellationTokenSource _stalled;
    private readonly CancellationTokenSource _either;
    private long _bytes;

    public StallGuard(ModelDownloaderOptions options, CancellationToken cancellationToken)
    {
        _options = options;
        _stalled = new CancellationTokenSource(options.StallTimeout, options.Time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stalled.Token);
    }

    /// <summary>Ends with the stall, or with the caller's token.</summary>
    public CancellationToken Token => _either.Token;

    public void Brought(int bytes)
    {
        _bytes += bytes;
        if (_bytes >= _options.MinimumBytes)
        {
            _bytes = 0;
            _stalled.CancelAfter(_options.StallTimeout);
        }
    }

    public void Dispose()
    {
        _either.Dispose();
        _stalled.Dispose();
    }
}
