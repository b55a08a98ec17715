using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HybridConversations.Http.Doors;

/// <summary>
/// The certificate of https addresses, from PEM files: the certificate with those between it and its authority, and its private key. Looks whether they have changed once a minute at
/// most, so that a renewed one counts without a restart. Thread-safe.
/// </summary>
/// <param name="CertificateFile">PEM file with the certificate, those of the authorities between behind it.</param>
/// <param name="KeyFile">PEM file with its private key.</param>
public sealed record CertificateFiles(string CertificateFile, string KeyFile)
{
    /// <summary>What is wrong with the files; null for nothing.</summary>
    public string? Fault()
    {
        try
        {
            Load();
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            return $"the certificate '{CertificateFile}' with the key '{KeyFile}' cannot be used: {error.Message.ReplaceLineEndings(" ")}";
        }
    }

    internal DateTime Written => new[] { File.GetLastWriteTimeUtc(CertificateFile), File.GetLastWriteTimeUtc(KeyFile) }.Max();

    internal SslStreamCertificateContext Load()
    {
        using var fromPem = X509Certificate2.CreateFromPemFile(CertificateFile, KeyFile);

        // A key in memory only is none to Windows.
        var certificate = OperatingSystem.IsWindows() ? X509CertificateLoader.LoadPkcs12(fromPem.Export(X509ContentType.Pkcs12), null) : new X509Certificate2(fromPem);
        var others = new X509Certificate2Collection();
        others.ImportFromPemFile(CertificateFile);
        return SslStreamCertificateContext.Create(certificate, [.. others.Where(other => other.Thumbprint != certificate.Thumbprint)], offline: true);
    }
}
