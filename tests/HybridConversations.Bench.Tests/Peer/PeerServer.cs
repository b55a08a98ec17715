using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Bench.Tests.Peer;

/// <summary>
/// A real HTTP server that speaks OpenAI's API and, by its kind, what llama-server or hc serve add to it. Its tokens are words and its prompts have four
/// tokens around each message, so that everything the benchmark computes has an exact expectation.
/// </summary>
internal sealed class PeerServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _running;

    private PeerServer(PeerOptions options)
    {
        Options = options;
        Cache = new TokenCache(options.Room);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{options.Port}");
        _app = builder.Build();
        _app.MapGet("/v1/models", () => new JsonObject { ["data"] = new JsonArray(new JsonObject { ["id"] = "models/words.gguf" }) });
        _app.MapPost("/v1/chat/completions", new PeerChat(this).Answer);
        if (options.Kind == PeerKind.LlamaServer)
        {
            new PeerSlots(this).Map(_app);
        }
        else if (options.Kind == PeerKind.HybridConversations)
        {
            new PeerConversations(this).Map(_app);
        }
    }

    public PeerOptions Options { get; }

    public TokenCache Cache { get; }

    /// <summary>Every request for a reply, in order of arrival.</summary>
    public ConcurrentQueue<PeerRequest> Requests { get; } = new();

    /// <summary>Replies that are being written.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>The most at a time.</summary>
    public int MostRunning { get; private set; }

    /// <summary>Replies whose client left.</summary>
    public int Left { get; private set; }

    public Uri Url => new(_app.Urls.First());

    public static async Task<PeerServer> Start(PeerOptions? options = null)
    {
        var server = new PeerServer(options ?? new PeerOptions());
        await server._app.StartAsync();
        return server;
    }

    /// <summary>Counts a reply while it is written.</summary>
    public async Task Serve(HttpContext http, Func<Task> write)
    {
        lock (_app)
        {
            MostRunning = Math.Max(MostRunning, ++_running);
        }

        try
        {
            await write();
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            lock (_app)
            {
                Left++;
            }
        }
        finally
        {
            Interlocked.Decrement(ref _running);
        }
    }

    /// <summary>Messages as tokens: a role, its words, an end; at last the role that answers.</summary>
    public static string[] Render(IEnumerable<(string Role, string Text)> messages) =>
        [.. messages.SelectMany(message => (string[])[$"<{message.Role}>", .. Words(message.Text), "<end>"]), "<assistant>"];

    public static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The n-th token of the reply to a prompt of so many tokens, as text.</summary>
    public static string Token(int promptTokens, int index) => $"{(index == 0 ? "" : " ")}r{promptTokens}-{index}";

    /// <summary>Kestrel waits for open streams; a client that was cancelled has none.</summary>
    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
