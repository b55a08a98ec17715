using System.ClientModel;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Azure.Core;
using Azure.Identity;
using HybridConversations.Escalations;
using HybridConversations.Escalations.Endpoints;
using HybridConversations.Escalations.Settings;
using OpenAI.Chat;

namespace HybridConversations.Cloud;

/// <summary>
/// A chat model behind the official SDKs: OpenAI itself, Azure OpenAI (its v1 address, or a resource's deployment; API key or Entra ID), or any
/// compatible server. The SDK makes one try and has no time-outs of its own; see <see cref="Escalation"/>.
/// </summary>
public sealed class OpenAiCloudModel : ICloudModel
{
    private readonly CloudOptions _options;
    private readonly Redactor _redactor;
    private readonly HttpClient _http;
    private readonly ChatClient _client;

    /// <param name="options">The endpoint, valid.</param>
    /// <param name="key">For <see cref="CloudAuthentication.Key"/>; may be null for <see cref="CloudAuthentication.Optional"/>.</param>
    /// <param name="time">For dates in <c>Retry-After</c>.</param>
    /// <param name="credential">For <see cref="CloudAuthentication.EntraId"/>; null: DefaultAzureCredential.</param>
    /// <param name="handler">Instead of a socket of its own; belongs to this from now on.</param>
    public OpenAiCloudModel(CloudOptions options, Secret? key, TimeProvider? time = null, TokenCredential? credential = null, HttpMessageHandler? handler = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        time ??= TimeProvider.System;
        _options = options;
        _redactor = new Redactor(key);
        _http = new HttpClient(handler ?? Sockets(options)) { Timeout = Timeout.InfiniteTimeSpan };
        _client = ChatClients.Create(options, key, credential, _http, new AnswerPolicy(_redactor, time), time);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<CloudChunk> Stream(CloudRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        await using var updates = _client.CompleteChatStreamingAsync(ChatRequest.Messages(request), ChatRequest.Options(_options, request), cancellationToken)
            .GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            CloudChunk chunk;
            var ended = false;
            try
            {
                if (!await updates.MoveNextAsync())
                {
                    yield break;
                }

                chunk = ChatRequest.Chunk(updates.Current, _redactor);
            }
            catch (ArgumentOutOfRangeException e) when (e.Message.Contains(nameof(ChatFinishReason), StringComparison.Ordinal))
            {
                (chunk, ended) = (new CloudChunk("", ChatRequest.UnknownFinish(e.ActualValue as string ?? "")), true);
            }
            catch (Exception e) when (e is not CloudException and not OperationCanceledException)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw Failure(e);
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                // The socket's own time-out to connect looks like a cancellation.
                throw Failure(e);
            }

            yield return chunk;
            if (ended)
            {
                yield break;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static SocketsHttpHandler Sockets(CloudOptions options) => new()
    {
        ConnectTimeout = TimeSpan.FromMilliseconds(options.Timeouts.ConnectMs),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),

        // The slots bound the calls; a connection whose answer is still being drained must not hold up the next.
        MaxConnectionsPerServer = 2 * options.Limits.MaxConcurrent,
        AllowAutoRedirect = false,
        UseCookies = false,

        // A proxy of the environment has no business between this machine and itself.
        UseProxy = !options.Address.IsLoopback,
    };

    /// <summary>What an exception of the SDK or the socket means. Its own text is shown only redacted.</summary>
    private CloudException Failure(Exception e)
    {
        // The SDK wraps what the socket throws in a result of status 0.
        for (var inner = e; inner is not null; inner = inner.InnerException)
        {
            switch (inner)
            {
                case CloudException known:
                    return known;
                case HttpRequestException
                {
                    HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.ProxyTunnelError
                        or HttpRequestError.SecureConnectionError
                }:
                    return Unreachable(Deepest(inner));
                case HttpRequestException or IOException or SocketException:
                    // The connection stood, so the request may have been read and worked on.
                    return new CloudException(CloudFailureKind.Cut, "the connection broke off before its answer.");
                case TimeoutException or OperationCanceledException:
                    return new CloudException(CloudFailureKind.ConnectTimeout,
                        $"no connection came about within {_options.Timeouts.ConnectMs} ms (timeouts.connect-ms).");
                case AuthenticationFailedException:
                    return new CloudException(CloudFailureKind.Unauthorized, "Entra ID gave no token: " + _redactor.Clean(inner.Message));
                case ClientResultException { Status: > 0 } result:
                    return ErrorBody.Failure(result.Status, "", null, _redactor);
            }
        }

        return new CloudException(CloudFailureKind.Malformed, $"its reply is not the protocol's ({e.GetType().Name}: {_redactor.Clean(e.Message)})");
    }

    private string Deepest(Exception e)
    {
        while (e.InnerException is { } inner)
        {
            e = inner;
        }

        return e is SocketException socket ? socket.SocketErrorCode.ToString() : _redactor.Clean(e.Message);
    }

    private CloudException Unreachable(string why) =>
        new(CloudFailureKind.Unreachable, $"{_options.Address.Host}:{_options.Address.Port} cannot be reached ({why}).");
}
