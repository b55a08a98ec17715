using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Features;

namespace HybridConversations.Http.Streaming;

/// <summary>
/// An answer of many pieces of JSON, each flushed as it is written; how they are told apart is for those who derive from it. JSON never holds a line break. A reader that is
/// too slow makes a write wait (the web server holds 64 KiB at most) and is cut off by its minimum data rate.
/// </summary>
internal abstract class JsonStream(HttpResponse response, string contentType) : IDisposable
{
    private readonly Utf8JsonWriter _json = new(response.BodyWriter, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    /// <summary>From here on nothing but pieces can be said.</summary>
    public void Start()
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = contentType;
        response.Headers.CacheControl = "no-store";

        // nginx would hold back what it has not enough of.
        response.Headers["X-Accel-Buffering"] = "no";
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    public void Dispose() => _json.Dispose();

    protected void Put(ReadOnlySpan<byte> text) => response.BodyWriter.Write(text);

    protected void Put<T>(T value, JsonTypeInfo<T> type)
    {
        JsonSerializer.Serialize(_json, value, type);
        _json.Reset();
    }

    protected async ValueTask Flush(CancellationToken cancellationToken)
    {
        var flushed = await response.BodyWriter.FlushAsync(cancellationToken);
        if (flushed.IsCompleted)
        {
            throw new OperationCanceledException("The reader has left.");
        }
    }
}
