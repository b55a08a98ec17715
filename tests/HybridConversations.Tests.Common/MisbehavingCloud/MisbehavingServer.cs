using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Tests.Common.MisbehavingCloud;

/// <summary>
/// An OpenAI-compatible server on 127.0.0.1 that streams chat completions and misbehaves on command. It counts what it would bill, so that a
/// test can compare a ledger with it.
/// </summary>
public sealed class MisbehavingServer : IAsyncDisposable
{
    private readonly ConcurrentQueue<Misbehaviour> _next = new();
    private readonly ConcurrentQueue<ReceivedCall> _calls = new();
    private readonly SemaphoreSlim _arrived = new(0);
    private readonly X509Certificate2? _certificate;
    private WebApplication? _app;
    private int _port;
    private int _count;

    private MisbehavingServer(X509Certificate2? certificate) => _certificate = certificate;

    /// <summary>What calls get that have nothing else ordered.</summary>
    public Misbehaviour Otherwise { get; set; } = Misbehaviour.None;

    /// <summary>Set: the server is an Azure resource, too, at its own paths.</summary>
    public AzureDoor? Azure { get; set; }

    /// <summary>Decides by the index of the call, from 0; before <see cref="Otherwise"/>.</summary>
    public Func<int, Misbehaviour?>? Decide { get; set; }

    /// <summary><c>http://127.0.0.1:PORT/v1/</c>.</summary>
    public Uri BaseAddress => new($"{(_certificate is null ? "http" : "https")}://127.0.0.1:{_port}/v1/");

    /// <summary><c>http://127.0.0.1:PORT/</c>, an Azure resource's address.</summary>
    public Uri ResourceAddress => new(BaseAddress, "/");

    /// <summary><c>http://127.0.0.1:PORT/openai/v1/</c>, an Azure resource's v1 address.</summary>
    public Uri AzureV1Address => new(BaseAddress, "/openai/v1/");

    public IReadOnlyList<ReceivedCall> Calls => [.. _calls];

    public static async Task<MisbehavingServer> Start(bool tls = false, Misbehaviour? otherwise = null)
    {
        var server = new MisbehavingServer(tls ? SelfSigned() : null) { Otherwise = otherwise ?? Misbehaviour.None };
        await server.TurnOn();
        return server;
    }

    /// <summary>What the next calls get, in this order.</summary>
    public void Next(params Misbehaviour[] misbehaviours)
    {
        foreach (var misbehaviour in misbehaviours)
        {
            _next.Enqueue(misbehaviour);
        }
    }

    /// <summary>The next call that no one has waited for; completes when its body has been read.</summary>
    public async Task WaitForCall() => await _arrived.WaitAsync().WaitAsync(TimeSpan.FromSeconds(30));

    /// <summary>Closes the port.</summary>
    public async Task TurnOff()
    {
        if (_app is { } app)
        {
            _app = null;
            using var now = new CancellationTokenSource();
            await now.CancelAsync();
            await app.StopAsync(now.Token);
            await app.DisposeAsync();
        }
    }

    /// <summary>Opens the same port again.</summary>
    public async Task TurnOn()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, _port, listen =>
        {
            if (_certificate is not null)
            {
                listen.UseHttps(_certificate);
            }
        }));
        var app = builder.Build();
        foreach (var path in (string[])["/v1/chat/completions", AzureDoor.V1Path, AzureDoor.DeploymentPath])
        {
            app.MapPost(path, Serve);
        }

        await app.StartAsync();
        _port = new Uri(app.Urls.First()).Port;
        _app = app;
    }

    public async ValueTask DisposeAsync()
    {
        await TurnOff();
        _certificate?.Dispose();
        _arrived.Dispose();
    }

    private async Task Serve(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var index = Interlocked.Increment(ref _count) - 1;
        var misbehaviour = _next.TryDequeue(out var ordered) ? ordered : Decide?.Invoke(index) ?? Otherwise;
        var call = new ReceivedCall
        {
            Index = index,
            Misbehaviour = misbehaviour,
            Body = body,
            Authorization = context.Request.Headers.Authorization,
            ApiKey = context.Request.Headers["api-key"],
            Path = context.Request.Path + context.Request.QueryString,
            LastEventId = context.Request.Headers["Last-Event-ID"],
            PromptTokens = ChatStream.CountPrompt(body),
        };
        if (Azure is { } azure && context.Request.Path.StartsWithSegments("/openai", StringComparison.Ordinal))
        {
            call.Refusal = azure.Refuse(context.Request, call);
        }

        _calls.Enqueue(call);
        _arrived.Release();
        try
        {
            await new ChatStream(context, call).Write();
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client left; what was written stays counted.
        }
        finally
        {
            call.End();
        }
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
