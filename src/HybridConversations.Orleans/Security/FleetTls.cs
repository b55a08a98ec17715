using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Orleans.Connections.Security;

namespace HybridConversations.Orleans.Security;

/// <summary>
/// Orleans' TLS, in which both sides show a certificate of the fleet's authority. Names are not checked: devices are reached by address, and any member may be any of them.
/// </summary>
internal sealed partial class FleetTls : IDisposable
{
    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(10);
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2Collection _authority;
    private readonly ILogger<FleetTls> _logger;

    public FleetTls(ConnectionSecurity security, ILogger<FleetTls> logger)
    {
        (_certificate, _authority, _logger) = (security.LoadCertificate(), security.LoadAuthority(), logger);
        Options = new TlsOptions
        {
            LocalCertificate = _certificate,
            RemoteCertificateMode = RemoteCertificateMode.RequireCertificate,
            RemoteCertificateValidation = IsMember,
            SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            HandshakeTimeout = HandshakeLimit,
            OnAuthenticateAsClient = (_, client) => client.TargetHost = "fleet",
        };
    }

    public TlsOptions Options { get; }

    public void Dispose() => _certificate.Dispose();

    private bool IsMember(X509Certificate2 shown, X509Chain? theirs, SslPolicyErrors errors)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        if (theirs is not null)
        {
            foreach (var element in theirs.ChainElements)
            {
                chain.ChainPolicy.ExtraStore.Add(element.Certificate);
            }
        }

        var member = chain.Build(shown);
        if (!member)
        {
            LogForeign(shown.Subject, string.Join(' ', chain.ChainStatus.Select(status => status.StatusInformation.Trim())));
        }

        return member;
    }

    [LoggerMessage(351, LogLevel.Warning, "A connection was refused: certificate '{Subject}' is not one of this fleet's authority. {Why}")]
    private partial void LogForeign(string subject, string why);
}
