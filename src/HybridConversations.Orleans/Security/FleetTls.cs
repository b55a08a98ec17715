using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace HybridConversations.Orleans.Security;

/// <summary>TLS in which both sides show a certificate of the fleet's authority. Names are not checked: devices are reached by address, and any member may be any of them.</summary>
internal sealed class FleetTls : IDisposable
{
    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2Collection _authority;
    private readonly SslStreamCertificateContext _context;

    public FleetTls(ConnectionSecurity security)
    {
        _certificate = security.LoadCertificate();
        _authority = security.LoadAuthority();
        _context = SslStreamCertificateContext.Create(_certificate, _authority, offline: true);
    }

    public async Task<SslStream> Secure(Stream inner, bool inbound, CancellationToken cancellationToken)
    {
        var stream = new SslStream(inner, leaveInnerStreamOpen: false);
        try
        {
            if (inbound)
            {
                await stream.AuthenticateAsServerAsync(
                    new SslServerAuthenticationOptions
                    {
                        ServerCertificateContext = _context,
                        ClientCertificateRequired = true,
                        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                        RemoteCertificateValidationCallback = IsMember,
                    },
                    cancellationToken);
            }
            else
            {
                await stream.AuthenticateAsClientAsync(
                    new SslClientAuthenticationOptions
                    {
                        TargetHost = "fleet",
                        ClientCertificateContext = _context,
                        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                        RemoteCertificateValidationCallback = IsMember,
                    },
                    cancellationToken);
            }

            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    public void Dispose() => _certificate.Dispose();

    private bool IsMember(object sender, X509Certificate? shown, X509Chain? theirs, SslPolicyErrors errors)
    {
        if (shown is not X509Certificate2 certificate)
        {
            return false;
        }

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

        return chain.Build(certificate);
    }
}
