using System.Net.ServerSentEvents;
using System.Text.Json;

namespace HybridConversations.Tests.Common.Http;

/// <summary>Reads server-sent events with the framework's own parser.</summary>
public static class ServerSentEvents
{
    public static async Task<List<(string Name, JsonElement Data)>> ReadAll(HttpResponseMessage response)
    {
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return await Read(response).ToListAsync();
    }

    /// <summary>Each as it comes.</summary>
    public static async IAsyncEnumerable<(string Name, JsonElement Data)> Read(HttpResponseMessage response)
    {
        await foreach (var item in SseParser.Create(await response.Content.ReadAsStreamAsync()).EnumerateAsync())
        {
            yield return (item.EventType, JsonElement.Parse(item.Data));
        }
    }
}
