using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Tests.Models;

/// <summary>A hub and its store of blobs on two ports of this machine, answering as huggingface.co does, with the faults that a test asks for.</summary>
internal sealed class HubServer : IAsyncDisposable
{
    public const string Repository = "owner/Model-GGUF";
    public const string File = "model-Q4_K_M.gguf";
    public const string Commit = "0123456789abcdef0123456789abcdef01234567";
    private readonly WebApplication _hub;
    private readonly WebApplication _store;

    private HubServer(byte[] content)
    {
        Content = content;
        Hash = Convert.ToHexStringLower(SHA256.HashData(content));
        _hub = Build(Answer);
        _store = Build(Send);
    }

    public byte[] Content { get; set; }

    /// <summary>What the hub says the hash is; null to say nothing.</summary>
    public string? Hash { get; set; }

    /// <summary>What the hub says the size is, where it is not the content's.</summary>
    public long? AnnouncedBytes { get; set; }

    /// <summary>Answers the hub's requests first; true when it has.</summary>
    public Func<HttpContext, bool> HubFault { get; set; } = _ => false;

    /// <summary>Answers the store's requests first; true when it has.</summary>
    public Func<HttpContext, Task<bool>> StoreFault { get; set; } = _ => Task.FromResult(false);

    public bool IgnoresRanges { get; set; }

    public string StoreTag { get; set; } = "\"tag-1\"";

    public ConcurrentQueue<SeenRequest> HubRequests { get; } = new();

    public ConcurrentQueue<SeenRequest> StoreRequests { get; } = new();

    public Uri HubAddress => Address(_hub);

    public Uri StoreAddress => Address(_store);

    public static async Task<HubServer> Start(int bytes, int seed = 1)
    {
        var content = new byte[bytes];
        new Random(seed).NextBytes(content);
        var server = new HubServer(content);
        await server._hub.StartAsync();
        await server._store.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _store.DisposeAsync();
    }

    /// <summary>Sends the content from the range's start and closes the connection after some bytes: Kestrel does so where less comes than was announced.</summary>
    public async Task SendPart(HttpContext context, int bytes)
    {
        var from = Head(context);
        await context.Response.Body.WriteAsync(Content.AsMemory(from, Math.Min(bytes, Content.Length - from)));
        await context.Response.Body.FlushAsync();
    }

    /// <summary>Writes status and headers for what the request asks for, and returns the offset of the first byte.</summary>
    public int Head(HttpContext context)
    {
        context.Response.Headers.ETag = StoreTag;
        var from = 0;
        var condition = context.Request.Headers.IfRange.ToString();
        if (!IgnoresRanges && context.Request.Headers.Range.ToString() is { Length: > 0 } range && (condition.Length == 0 || condition == StoreTag))
        {
            from = int.Parse(range["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture);
            if (from >= Content.Length)
            {
                context.Response.StatusCode = 416;
                return Content.Length;
            }

            context.Response.StatusCode = 206;
            context.Response.Headers.ContentRange = $"bytes {from}-{Content.Length - 1}/{Content.Length}";
        }

        context.Response.ContentLength = Content.Length - from;
        return from;
    }

    private static Uri Address(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());

    private static WebApplication Build(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(o => o.Listen(IPAddress.Loopback, 0));
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Run(context => answer(context));
        return app;
    }

    private Task Answer(HttpContext context)
    {
        HubRequests.Enqueue(SeenRequest.Of(context));
        if (HubFault(context))
        {
            return Task.CompletedTask;
        }

        var path = context.Request.Path.ToString();
        if (path != $"/{Repository}/resolve/main/{File}" && path != $"/{Repository}/resolve/{Commit}/{File}")
        {
            context.Response.StatusCode = 404;
            context.Response.Headers["X-Error-Code"] = "EntryNotFound";
            return Task.CompletedTask;
        }

        context.Response.StatusCode = 302;
        context.Response.Headers.Location = $"{StoreAddress}blob?signature=abc";
        context.Response.Headers["X-Repo-Commit"] = Commit;
        context.Response.Headers["X-Linked-Size"] = (AnnouncedBytes ?? Content.Length).ToString(CultureInfo.InvariantCulture);
        if (Hash is not null)
        {
            context.Response.Headers["X-Linked-ETag"] = $"\"{Hash}\"";
        }

        return Task.CompletedTask;
    }

    private async Task Send(HttpContext context)
    {
        StoreRequests.Enqueue(SeenRequest.Of(context));
        if (await StoreFault(context))
        {
            return;
        }

        var from = Head(context);
        if (context.Response.StatusCode != 416)
        {
            await context.Response.Body.WriteAsync(Content.AsMemory(from));
        }
    }
}

internal sealed record SeenRequest(string Method, string Path, string? Authorization, string? Range, string? IfRange)
{
    public static SeenRequest Of(HttpContext context) => new(
        context.Request.Method,
        context.Request.Path,
        Text(context.Request.Headers.Authorization.ToString()),
        Text(context.Request.Headers.Range.ToString()),
        Text(context.Request.Headers.IfRange.ToString()));

    private static string? Text(string text) => text.Length == 0 ? null : text;
}
