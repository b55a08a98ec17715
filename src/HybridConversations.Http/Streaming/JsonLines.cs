using System.Text.Json.Serialization.Metadata;

namespace HybridConversations.Http.Streaming;

/// <summary>Objects of JSON, one a line (<c>application/x-ndjson</c>).</summary>
internal sealed class JsonLines(HttpResponse response) : JsonStream(response, "application/x-ndjson")
{
    public ValueTask Write<T>(T line, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        Put(line, type);
        Put("\n"u8);
        return Flush(cancellationToken);
    }
}
