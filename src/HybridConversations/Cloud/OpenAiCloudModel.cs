using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Azure.Core;
using Azure.Identity;
using HybridConversations.Escalations;
using HybridConversations.Escalations.Endpoints;
using HybridConversations.Escalations.Settings;
using OpenAI;
using OpenAI.Chat;

namespace HybridConversations.Cloud;

/// <summary>
/// A chat model behind the official OpenAI SDK: OpenAI itself, Azure OpenAI's v1 endpoint (API key or Entra ID), or any compatible server.
/// The SDK makes one try and has no time-outs of its own; see <see cref="Escalation"/>.
/// </summary>
public sealed class OpenAiCloudModel : ICloudModel
{
    /// <summary>Scope of Azure AI services, as in Microsoft's own samples for the v1 endpoint.</summary>
    private const string EntraScope = "https://cognitiveservices.azure.com/.default";
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
        var client = new OpenAIClientOptions
        {
            Endpoint = options.Address,
            Transport = new HttpClientPipelineTransport(_http),
            RetryPolicy = new ClientRetryPolicy(0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
            UserAgentApplicationId = "HybridConversations",

            // Conversations are not for anyone's log, whatever is set elsewhere in the process.
            ClientLoggingOptions = new ClientLoggingOptions { EnableMessageContentLogging = false },
        };
        client.AddPolicy(new AnswerPolicy(_redactor, time), PipelinePosition.BeforeTransport);
#pragma warning disable OPENAI001 // The constructor that takes a policy is marked as experimental; it is Microsoft's documented way to Entra ID.
        _client = options.Authentication switch
        {
            CloudAuthentication.EntraId => new ChatClient(options.Model,
                new BearerTokenPolicy(new CachedCredential(credential ?? new DefaultAzureCredential(), time), EntraScope), client),
            CloudAuthentication.None => new ChatClient(options.Model, new NoAuthentication(), client),
            CloudAuthentication.Optional when key is null => new ChatClient(options.Model, new NoAuthentication(), client),
            _ => new ChatClient(options.Model, new ApiKeyCredential((key ?? throw new ArgumentNullException(nameof(key))).Reveal()), client),
        };
#pragma warning restore OPENAI001
    }

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
                    yield break;
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
                yield break;
        }
    }

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
            e = inner;
        return e is SocketException socket ? socket.SocketErrorCode.ToString() : _redactor.Clean(e.Message);
    }

    private CloudException Unreachable(string why) =>
        new(CloudFailureKind.Unreachable, $"{_options.Address.Host}:{_options.Address.Port} cannot be reached ({why}).");

    private sealed class NoAuthentication : AuthenticationPolicy
    {
        public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex) => ProcessNext(message, pipeline, currentIndex);

        public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex) =>
            ProcessNextAsync(message, pipeline, currentIndex);
    }
}
