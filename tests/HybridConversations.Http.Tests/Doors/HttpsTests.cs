using System.Net.Security;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HybridConversations.Http.Doors;
using HybridConversations.Http.Hosting;
using HybridConversations.Tests.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Http.Tests.Doors;

/// <summary>The real server over TLS, with a certificate of an authority that the test makes.</summary>
public sealed class HttpsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly X509Certificate2 _authority = Authority();

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task It_answers_over_tls_rehearses_with_itself_and_tells_browsers_to_stay()
    {
        var rehearsed = 0;
        await using var app = HttpServer.Build(
            ["https://127.0.0.1:0"], new HttpLimits(), new DoorOptions { Certificate = Files("localhost") }, (_, _) => Task.FromResult<IMachine>(new ScriptedMachine()), _ => { },
            async (http, _, stop) => rehearsed = (int)(await http.GetAsync("fleet", stop)).StatusCode);
        await app.StartAsync();
        await app.Services.GetRequiredService<MachineHost>().Started;
        Assert.Null(app.Services.GetRequiredService<MachineHost>().Failure);
        Assert.Equal(200, rehearsed);
        var address = new UriBuilder(app.Urls.First()) { Host = "localhost" }.Uri;
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = IsOfAuthority } }) { BaseAddress = address };
        using (var answer = await http.GetAsync("/fleet"))
        {
            Assert.Equal(200, (int)answer.StatusCode);
            Assert.Contains("max-age=", answer.Headers.GetValues("Strict-Transport-Security").Single());
        }

        using (var plain = new HttpClient())
        {
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => plain.GetAsync(new UriBuilder(address) { Scheme = "http" }.Uri));
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => plain.GetAsync(address)); // whose authority nobody else knows
        }

        using var socket = new ClientWebSocket();
        socket.Options.RemoteCertificateValidationCallback = IsOfAuthority;
        await socket.ConnectAsync(new UriBuilder(address) { Scheme = "wss", Path = "/v1/responses" }.Uri, CancellationToken.None);
        await socket.Say("""{"type":"response.create","input":"one two","store":false}""");
        Assert.Contains("response.created", await socket.Hear());

        // HTTP/2, which TLS brings, has WebSockets of its own.
        using var second = new ClientWebSocket();
        second.Options.HttpVersion = new Version(2, 0);
        second.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        using var handler = new SocketsHttpHandler { SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = IsOfAuthority } };
        using var invoker = new HttpMessageInvoker(handler);
        await second.ConnectAsync(new UriBuilder(address) { Scheme = "wss", Path = "/v1/responses" }.Uri, invoker, CancellationToken.None);
        await second.Say("""{"type":"response.create","input":"one two","store":false}""");
        Assert.Contains("response.created", await second.Hear());
        await app.StopAsync();
    }

    [Fact]
    public void A_renewed_certificate_counts_within_a_minute_and_a_broken_one_never()
    {
        var clock = new VirtualClock();
        var files = Files("one");
        var certificate = new ServerCertificate(files, clock, NullLogger<ServerCertificate>.Instance);
        Assert.Equal("CN=one", certificate.Current.TargetCertificate.Subject);
        Files("two");
        File.SetLastWriteTimeUtc(files.CertificateFile, DateTime.UtcNow.AddSeconds(5));
        Assert.Equal("CN=one", certificate.Current.TargetCertificate.Subject);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("CN=two", certificate.Current.TargetCertificate.Subject);
        File.WriteAllText(files.KeyFile, "-----BEGIN");
        File.SetLastWriteTimeUtc(files.KeyFile, DateTime.UtcNow.AddSeconds(9));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("CN=two", certificate.Current.TargetCertificate.Subject);
        Assert.Contains("cannot be used", files.Fault());
    }

    private static X509Certificate2 Authority()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=the test's authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
    }

    private CertificateFiles Files(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(_authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1), [1, 2, (byte)name.Length, 4]);
        var files = new CertificateFiles(Path.Combine(_folder.Path, "server.pem"), Path.Combine(_folder.Path, "server.key"));
        File.WriteAllText(files.CertificateFile, certificate.ExportCertificatePem() + "\n" + _authority.ExportCertificatePem());
        File.WriteAllText(files.KeyFile, key.ExportPkcs8PrivateKeyPem());
        return files;
    }

    /// <summary>As a client that trusts the authority checks it: name, chain and all.</summary>
    private bool IsOfAuthority(object sender, X509Certificate? shown, X509Chain? theirs, SslPolicyErrors errors)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(_authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) && shown is X509Certificate2 certificate && chain.Build(certificate);
    }
}
