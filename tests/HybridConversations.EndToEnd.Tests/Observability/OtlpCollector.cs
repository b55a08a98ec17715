using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace HybridConversations.EndToEnd.Tests.Observability;

/// <summary>A collector: takes what an exporter sends by OTLP over HTTP, and keeps it.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<ByteString>> _received = new();
    private readonly WebApplication _app;

    private OtlpCollector(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    public IReadOnlyList<OtlpSpan> Spans => [.. Requests("traces").SelectMany(OtlpSpan.In)];

    /// <summary>Names of the metrics.</summary>
    public IReadOnlySet<string> Metrics => Requests("metrics").SelectMany(request => request.Messages(1, 2, 2)).Select(metric => metric.Text(1)).ToHashSet();

    /// <summary>Texts of the log.</summary>
    public IReadOnlyList<string> Logs => [.. Requests("logs").SelectMany(request => request.Messages(1, 2, 2)).SelectMany(entry => entry.Messages(5)).Select(body => body.Text(1))];

    /// <summary>Everything that came, as bytes, for whoever looks for words in it.</summary>
    public IEnumerable<ByteString> Everything => _received.Values.SelectMany(queue => queue);

    public static async Task<OtlpCollector> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var collector = new OtlpCollector(app);
        app.MapPost("/v1/{signal}", async (string signal, HttpRequest request) =>
        {
            var bytes = await ByteString.FromStreamAsync(request.Body);
            collector._received.GetOrAdd(signal, _ => new()).Enqueue(bytes);
            return Results.Bytes([], "application/x-protobuf");
        });
        await app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private IEnumerable<ProtoMessage> Requests(string signal) => _received.TryGetValue(signal, out var requests) ? requests.Select(bytes => new ProtoMessage(bytes)) : [];
}
