using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Features;

namespace HybridConversations.Http.Streaming;

/// <summary>
/// Server-sent events, each flushed as it is written. JSON never holds a line break, so the data is always one line. A reader that is too slow makes
/// <see cref="Write"/> wait (the web server holds 64 KiB at most) and is cut off by its minimum data rate.
/// </summary>
internal sealed class EventStream(HttpResponse response) : IDisposable
{
    private readonly Utf8JsonWriter _json = new(response.BodyWriter, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    /// <summary>From here on nothing but events can be said.</summary>
    public void Start()
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-store";

        // nginx would hold back what it has not enough of.
        response.Headers["X-Accel-Buffering"] = "no";
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    /// <param name="name">Name of the event; null for an unnamed one.</param>
    /// <param name="data">What it says.</param>
    /// <param name="type">How to write it.</param>
    /// <param name="cancellationToken">Gives up a write that waits for the reader.</param>
    public ValueTask Write<T>(string? name, T data, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var writer = response.BodyWriter;
        if (name is not null)
        {
            Encoding.UTF8.GetBytes("event: ", writer);
            Encoding.UTF8.GetBytes(name, writer);
            Encoding.UTF8.GetBytes("\n", writer);
        }

        Encoding.UTF8.GetBytes("data: ", writer);
        JsonSerializer.Serialize(_json, data, type);
        _json.Reset();
        return End(cancellationToken);
    }

    /// <summary>The end of an OpenAI stream.</summary>
    public ValueTask WriteDone(CancellationToken cancellationToken)
    {
        Encoding.UTF8.GetBytes("data: [DONE]", response.BodyWriter);
        return End(cancellationToken);
    }

    /// <summary>A comment: keeps connection and client awake and means nothing.</summary>
    public ValueTask KeepAlive(CancellationToken cancellationToken)
    {
        Encoding.UTF8.GetBytes(": keep-alive", response.BodyWriter);
        return End(cancellationToken);
    }

    public void Dispose() => _json.Dispose();

    private async ValueTask End(CancellationToken cancellationToken)
    {
        Encoding.UTF8.GetBytes("\n\n", response.BodyWriter);
        var flushed = await response.BodyWriter.FlushAsync(cancellationToken);
        if (flushed.IsCompleted)
        {
            throw new OperationCanceledException("The reader has left.");
        }
    }
}
