using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HybridConversations.Orleans.Security;

/// <summary>
/// Who may join: those with a certificate of the fleet's authority (connections are then TLS, and both sides show one), those that know the join token, or
/// only those with both. The same on every silo and client.
/// </summary>
public sealed record ConnectionSecurity
{
    private const int MinTokenCharacters = 16;

    /// <summary>PEM file with this process's certificate.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file with its private key.</summary>
    public string? KeyFile { get; init; }

    /// <summary>PEM file with the authority that signs all certificates of the fleet.</summary>
    public string? CaFile { get; init; }

    /// <summary>A secret that all share, at least 16 characters. Alone it proves who joins, but encrypts nothing.</summary>
    public string? JoinToken { get; init; }

    /// <summary>True when connections are TLS.</summary>
    public bool Tls => CertificateFile is not null;

    /// <exception cref="ProblemException"><c>invalid-request</c> with every error in one message.</exception>
    public void Validate()
    {
        var errors = new List<string>();
        var files = new[] { ("the certificate", CertificateFile), ("its key", KeyFile), ("the authority", CaFile) };
        var missing = files.Where(file => file.Item2 is null).Select(file => file.Item1).ToList();
        if (missing.Count is > 0 and < 3)
        {
            errors.Add($"TLS needs the certificate, its key and the authority; {string.Join(" and ", missing)} {(missing.Count == 1 ? "is" : "are")} missing.");
        }

        errors.AddRange(files.Where(file => file.Item2 is not null && !File.Exists(file.Item2)).Select(file => $"'{file.Item2}', {file.Item1}, is not there."));
        if (JoinToken is { Length: < MinTokenCharacters })
        {
            errors.Add($"The join token has {JoinToken.Length} characters; it must have at least {MinTokenCharacters} (openssl rand -hex 24 makes a good one).");
        }

        if (errors.Count == 0 && Tls)
        {
            Try(() => LoadCertificate().Dispose(), $"'{CertificateFile}' with key '{KeyFile}'");
            Try(() => LoadAuthority(), $"'{CaFile}'");
        }

        if (errors.Count > 0)
        {
            throw new ProblemException(ProblemCodes.InvalidRequest("The settings of the fleet's connections are not valid. " + string.Join(' ', errors)));
        }

        void Try(Action load, string what)
        {
            try
            {
                load();
            }
            catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
            {
                errors.Add($"{what} cannot be used: {error.Message}");
            }
        }
    }

    internal X509Certificate2 LoadCertificate() => X509Certificate2.CreateFromPemFile(CertificateFile!, KeyFile);

    internal X509Certificate2Collection LoadAuthority()
    {
        var authority = new X509Certificate2Collection();
        authority.ImportFromPemFile(CaFile!);
        return authority.Count > 0 ? authority : throw new CryptographicException("it holds no certificate.");
    }
}
