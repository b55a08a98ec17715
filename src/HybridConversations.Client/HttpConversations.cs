using System.Globalization;
using System.Net.Http.Headers;
using HybridConversations.Client.Wire;

namespace HybridConversations.Client;

/// <summary>The conversations of a server (<c>hc serve</c>, <c>hc join</c>), looked at through its HTTP API. Thread-safe.</summary>
/// <param name="http">Its base address is the server's; its time-out does not hold for replies, which stream.</param>
public sealed class HttpConversations(HttpClient http) : IConversations
{
    /// <summary>A client of the server at <paramref name="address"/> that follows the server's pace: ten seconds to connect, no limit on a whole reply.</summary>
    /// <param name="address">Where the server is.</param>
    /// <param name="key">The key that it wants; null for none.</param>
    public static HttpClient CreateClient(Uri address, string? key = null)
    {
        var http = new HttpClient(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10) }, disposeHandler: true)
        {
            BaseAddress = address.AbsoluteUri.EndsWith('/') ? address : new Uri(address.AbsoluteUri + "/"),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        if (key is not null)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        return http;
    }

    /// <inheritdoc/>
    public IConversation Get(string conversationId) => new HttpConversation(http, conversationId);

    /// <inheritdoc/>
    /// <exception cref="ProblemException">The server refused, or did not answer.</exception>
    public async Task<ConversationList> List(string? cursor, int limit, CancellationToken cancellationToken = default)
    {
        var path = $"conversations?limit={limit.ToString(CultureInfo.InvariantCulture)}{(cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor))}";
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await HttpExchange.Send(http, request, cancellationToken);
        await HttpExchange.ThrowUnlessSuccess(response, cancellationToken);
        return await HttpExchange.Read(response, WireJson.Answers.ConversationList, cancellationToken);
    }
}
