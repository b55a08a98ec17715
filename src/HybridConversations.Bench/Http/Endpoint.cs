using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HybridConversations.Bench.Http;

/// <summary>The HTTP address of one server, and errors that say which server and what it answered. Thread-safe.</summary>
internal sealed class Endpoint : IDisposable
{
    private const int ErrorCharacters = 400;
    private readonly HttpClient _http;
    private readonly TimeSpan _timeout;

    /// <param name="label"><c>A</c> or <c>B</c>.</param>
    /// <param name="url">Base address; a trailing <c>/v1</c> is taken off.</param>
    /// <param name="key">Bearer token, or null.</param>
    /// <param name="timeout">For a whole answer, streamed or not.</param>
    public Endpoint(string label, Uri url, string? key, TimeSpan timeout)
    {
        Label = label;
        Url = BaseOf(url);
        _timeout = timeout;
        var handler = new SocketsHttpHandler
        {
            UseProxy = !Url.IsLoopback,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            MaxConnectionsPerServer = 1024,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        };
        _http = new HttpClient(handler) { BaseAddress = Url, Timeout = Timeout.InfiniteTimeSpan };
        if (!string.IsNullOrEmpty(key))
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }
    }

    public string Label { get; }

    public Uri Url { get; }

    /// <summary>For messages.</summary>
    public string Name => $"{Label} ({Url})";

    /// <summary>Sends a request, hands the answer's status and stream to <paramref name="read"/>, and returns what that makes of it, within the timeout.</summary>
    /// <exception cref="TargetException">No connection, a status of 400 or more, a broken connection, or no end within the timeout.</exception>
    public async Task<T> Send<T>(HttpMethod method, string path, JsonNode? body, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_timeout);
        try
        {
            using var request = new HttpRequestMessage(method, path);
            if (body is not null)
            {
                request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            }

            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (!response.IsSuccessStatusCode)
            {
                throw await Refusal(method, path, response, limit.Token);
            }

            await using var stream = await response.Content.ReadAsStreamAsync(limit.Token);
            return await read(stream, limit.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TargetException($"{Name} did not finish {method} /{path} within {_timeout.TotalSeconds:0} s (--timeout).", inner: exception);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or InvalidDataException or JsonException)
        {
            // A request that is cancelled while its connection fails must look cancelled.
            cancellationToken.ThrowIfCancellationRequested();
            throw new TargetException($"{Name} failed at {method} /{path}: {exception.Message}", inner: exception);
        }
    }

    /// <summary>Reads a JSON answer.</summary>
    /// <exception cref="TargetException">As for <see cref="Send"/>, or the answer is no JSON.</exception>
    public Task<JsonNode?> Json(HttpMethod method, string path, JsonNode? body, CancellationToken cancellationToken) =>
        Send(method, path, body, async (stream, token) =>
        {
            using var text = new StreamReader(stream);
            var whole = await text.ReadToEndAsync(token);
            return string.IsNullOrWhiteSpace(whole) ? null : JsonNode.Parse(whole);
        }, cancellationToken);

    /// <summary>Status of a GET; null when nothing answers.</summary>
    public async Task<HttpStatusCode?> Probe(string path, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        try
        {
            using var response = await _http.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, limit.Token);
            return response.StatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();

    private static Uri BaseOf(Uri url)
    {
        var text = url.GetLeftPart(UriPartial.Path).TrimEnd('/');
        text = text.EndsWith("/v1", StringComparison.Ordinal) ? text[..^3] : text;
        return new Uri(text.TrimEnd('/') + "/");
    }

    private async Task<TargetException> Refusal(HttpMethod method, string path, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return new TargetException($"{Name} answered {method} /{path} with {(int)response.StatusCode}: {Explain(text)}", (int)response.StatusCode);
    }

    /// <summary>The sentence in a problem+json or an OpenAI error, else the beginning of the body.</summary>
    private static string Explain(string body)
    {
        try
        {
            var document = JsonNode.Parse(body);
            if ((document?["detail"] ?? (document?["error"] as JsonObject)?["message"]) is JsonValue sentence)
            {
                body = sentence.ToString();
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON, or not an object: shown as it is.
        }

        body = body.ReplaceLineEndings(" ").Trim();
        return body.Length <= ErrorCharacters ? body : body[..ErrorCharacters] + "…";
    }
}
