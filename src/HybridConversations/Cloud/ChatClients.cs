using System.ClientModel;
using System.ClientModel.Primitives;
using Azure.AI.OpenAI;
using Azure.Core;
using Azure.Identity;
using HybridConversations.Escalations.Settings;
using OpenAI;
using OpenAI.Chat;

namespace HybridConversations.Cloud;

/// <summary>Makes the SDK's client for an endpoint: OpenAI's, or Azure's where a resource, a deployment and an api-version are given.</summary>
internal static class ChatClients
{
    private const string UserAgent = "HybridConversations";

    /// <param name="options">The endpoint, valid.</param>
    /// <param name="key">Null where none is needed.</param>
    /// <param name="credential">For Entra ID; null: DefaultAzureCredential.</param>
    /// <param name="http">What calls go through.</param>
    /// <param name="answers">Judges each answer before the SDK sees it.</param>
    /// <param name="time">When a token has expired.</param>
    public static ChatClient Create(CloudOptions options, Secret? key, TokenCredential? credential, HttpClient http, AnswerPolicy answers, TimeProvider time)
    {
        var identity = options.Authentication == CloudAuthentication.EntraId ? new CachedCredential(credential ?? new DefaultAzureCredential(), time) : null;
        return options.Resource is null ? Plain(options, key, identity, http, answers) : Azure(options, key, identity, http, answers);
    }

    private static ChatClient Plain(CloudOptions options, Secret? key, CachedCredential? identity, HttpClient http, AnswerPolicy answers)
    {
        var client = Configured(new OpenAIClientOptions { Endpoint = options.Address, UserAgentApplicationId = UserAgent }, http, answers);
#pragma warning disable OPENAI001 // The constructor that takes a policy is marked as experimental; it is Microsoft's documented way to Entra ID.
        if (identity is not null)
        {
            return new ChatClient(options.Model, new BearerTokenPolicy(identity, AzureCloud.Of(options.Address).Scope), client);
        }

        if (options.Authentication == CloudAuthentication.None || (options.Authentication == CloudAuthentication.Optional && key is null))
        {
            return new ChatClient(options.Model, new NoAuthentication(), client);
        }
#pragma warning restore OPENAI001
        return new ChatClient(options.Model, Credential(key), client);
    }

    private static ChatClient Azure(CloudOptions options, Secret? key, CachedCredential? identity, HttpClient http, AnswerPolicy answers)
    {
        var client = Configured(new AzureOpenAIClientOptions { Audience = AzureCloud.Of(options.Address).Scope, UserAgentApplicationId = UserAgent }, http, answers);
        client.AddPolicy(new ApiVersionPolicy(options.ApiVersion!), PipelinePosition.PerCall);
        var azure = identity is not null ? new AzureOpenAIClient(options.Address, identity, client) : new AzureOpenAIClient(options.Address, Credential(key), client);
        return azure.GetChatClient(options.Deployment);
    }

    private static T Configured<T>(T options, HttpClient http, AnswerPolicy answers)
        where T : ClientPipelineOptions
    {
        options.Transport = new HttpClientPipelineTransport(http);
        options.RetryPolicy = new ClientRetryPolicy(0);
        options.NetworkTimeout = Timeout.InfiniteTimeSpan;

        // Conversations are not for anyone's log, whatever is set elsewhere in the process.
        options.ClientLoggingOptions = new ClientLoggingOptions { EnableMessageContentLogging = false };
        options.AddPolicy(answers, PipelinePosition.BeforeTransport);
        return options;
    }

    private static ApiKeyCredential Credential(Secret? key) => new((key ?? throw new ArgumentNullException(nameof(key))).Reveal());

    private sealed class NoAuthentication : AuthenticationPolicy
    {
        public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex) => ProcessNext(message, pipeline, currentIndex);

        public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex) =>
            ProcessNextAsync(message, pipeline, currentIndex);
    }
}
