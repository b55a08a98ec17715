using System.Net.ServerSentEvents;
using System.Text.Json;
using HybridConversations.Client.Wire;

namespace HybridConversations.Client;

/// <summary>
/// The events of one reply as they arrive. Whatever goes wrong (refusal, no connection, a stream that breaks off or falls silent) is a <see cref="ReplyFailed"/>,
/// so that every reply ends with exactly one of <see cref="ReplyCompleted"/> and <see cref="ReplyFailed"/>.
/// </summary>
internal sealed class ReplyStream : IAsyncDisposable
{
    /// <summary>The server sends a comment at least every 15 s; after three missed ones the connection is taken for dead.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(45);

    private readonly string _turnId;
    private readonly HttpResponseMessage? _response;
    private readonly IAsyncEnumerator<SseItem<ReplyEvent?>>? _items;
    private ReplyFailed? _refusal;
    private bool _ended;

    private ReplyStream(string turnId, ReplyFailed refusal) => (_turnId, _refusal) = (turnId, refusal);

    private ReplyStream(string turnId, HttpResponseMessage response, Stream body, CancellationToken cancellationToken)
    {
        (_turnId, _response) = (turnId, response);
        var parser = SseParser.Create(new IdleTimeoutStream(body, Silence), ReplyEventFormat.Parse);
        _items = parser.EnumerateAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
    }

    public static async Task<ReplyStream> Open(HttpClient http, string path, Turn turn, CancellationToken cancellationToken)
    {
        HttpResponseMessage? response = null;
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path);
            request.Content = HttpExchange.Body(TurnBody.Of(turn), WireJson.Bodies.TurnBody);
            request.Headers.Accept.ParseAdd("text/event-stream");
            response = await HttpExchange.Send(http, request, cancellationToken);
            await HttpExchange.ThrowUnlessSuccess(response, cancellationToken);
            var stream = new ReplyStream(turn.TurnId, response, await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken);
            response = null;
            return stream;
        }
        catch (ProblemException exception)
        {
            return new ReplyStream(turn.TurnId, new ReplyFailed(turn.TurnId, exception.Problem));
        }
        finally
        {
            response?.Dispose();
        }
    }

    /// <summary>The next event; null after the last.</summary>
    public async ValueTask<ReplyEvent?> Next(CancellationToken cancellationToken)
    {
        if (_ended || _items is null)
        {
            var refusal = _refusal;
            _refusal = null;
            return refusal;
        }

        try
        {
            while (await _items.MoveNextAsync())
            {
                // An event of a name that this version does not know is passed over.
                if (_items.Current.Data is { } known)
                {
                    _ended = known is ReplyCompleted or ReplyFailed;
                    return known;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or TimeoutException or JsonException
            && !cancellationToken.IsCancellationRequested)
        {
            return Broken(exception.Message);
        }

        return Broken("it ended without 'completed' or 'failed'.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_items is not null)
        {
            await _items.DisposeAsync();
        }

        _response?.Dispose();
    }

    private ReplyFailed Broken(string why)
    {
        _ended = true;
        return new ReplyFailed(_turnId, ProblemCodes.ServerUnreachable($"The reply broke off: {why} Send the same turn id again: a reply that was stored comes back."));
    }
}
