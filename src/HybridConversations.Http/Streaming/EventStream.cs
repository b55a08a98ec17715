using System.Text;
using System.Text.Json.Serialization.Metadata;

namespace HybridConversations.Http.Streaming;

/// <summary>Server-sent events (<c>text/event-stream</c>).</summary>
internal sealed class EventStream(HttpResponse response) : JsonStream(response, "text/event-stream")
{
    /// <param name="name">Name of the event; null for an unnamed one.</param>
    /// <param name="data">What it says.</param>
    /// <param name="type">How to write it.</param>
    /// <param name="cancellationToken">Gives up a write that waits for the reader.</param>
    public ValueTask Write<T>(string? name, T data, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        if (name is not null)
        {
            Put("event: "u8);
            Put(Encoding.UTF8.GetBytes(name));
            Put("\n"u8);
        }

        Put("data: "u8);
        Put(data, type);
        Put("\n\n"u8);
        return Flush(cancellationToken);
    }

    /// <summary>The end of an OpenAI stream.</summary>
    public ValueTask WriteDone(CancellationToken cancellationToken)
    {
        Put("data: [DONE]\n\n"u8);
        return Flush(cancellationToken);
    }

    /// <summary>A comment: keeps connection and client awake and means nothing.</summary>
    public ValueTask KeepAlive(CancellationToken cancellationToken)
    {
        Put(": keep-alive\n\n"u8);
        return Flush(cancellationToken);
    }
}
