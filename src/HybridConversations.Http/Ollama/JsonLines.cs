using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Features;

namespace HybridConversations.Http.Ollama;

/// <summary>Objects of JSON, one a line (<c>application/x-ndjson</c>), each flushed as it is written.</summary>
internal sealed class JsonLines(HttpResponse response) : IDisposable
{
    private readonly Utf8JsonWriter _json = new(response.BodyWriter, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    public void Start()
    {
        response.ContentType = "application/x-ndjson";
        response.Headers.CacheControl = "no-store";
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    public async ValueTask Write<T>(T line, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        JsonSerializer.Serialize(_json, line, type);
        _json.Reset();
        Encoding.UTF8.GetBytes("\n", response.BodyWriter);
        var flushed = await response.BodyWriter.FlushAsync(cancellationToken);
        if (flushed.IsCompleted)
        {
            throw new OperationCanceledException("The reader has left.");
        }
    }

    public void Dispose() => _json.Dispose();
}
