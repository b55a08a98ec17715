using System.Text.Json.Serialization.Metadata;

namespace HybridConversations.Http;

/// <summary>An answer of status 200 as JSON.</summary>
internal static class JsonAnswer
{
    public static Task Write<T>(HttpContext context, T value, JsonTypeInfo<T> type)
    {
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsJsonAsync(value, type, contentType: null, context.RequestAborted);
    }
}
