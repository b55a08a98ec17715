using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HybridConversations.Http.Doors;

/// <summary>The certificate that counts now. Thread-safe.</summary>
internal sealed partial class ServerCertificate(CertificateFiles files, TimeProvider time, ILogger<ServerCertificate> logger)
{
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);
    private readonly Lock _lock = new();
    private SslStreamCertificateContext? _context;
    private DateTime _written;
    private long _lookedAt;

    public SslStreamCertificateContext Current
    {
        get
        {
            lock (_lock)
            {
                if (_context is null || time.GetElapsedTime(_lookedAt) >= Look)
                {
                    _lookedAt = time.GetTimestamp();
                    Reload();
                }

                return _context!;
            }
        }
    }

    /// <summary>Is it this server's own?</summary>
    public bool IsOwn(X509Certificate? shown) => shown is not null && shown.GetCertHashString() == Current.TargetCertificate.GetCertHashString();

    private void Reload()
    {
        var written = files.Written;
        if (_context is not null && written == _written)
        {
            return;
        }

        try
        {
            _context = files.Load();
            _written = written;
            LogLoaded(_context.TargetCertificate.Subject, _context.TargetCertificate.NotAfter);
        }
        catch (Exception error) when (_context is not null && error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            LogNotLoaded(error.Message); // half written, perhaps: the one of before still counts
        }
    }

    [LoggerMessage(730, LogLevel.Information, "The certificate is that of {Subject}, good until {NotAfter:u}.")]
    private partial void LogLoaded(string subject, DateTime notAfter);

    [LoggerMessage(731, LogLevel.Error, "The certificate of before still counts: {Why}")]
    private partial void LogNotLoaded(string why);
}
