using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;
using AiMessage = Microsoft.Extensions.AI.ChatMessage;

namespace HybridConversations.Client;

/// <summary>
/// Conversations as an <see cref="IChatClient"/> that remembers: the answer carries a <c>ConversationId</c>, and whoever sends it back sends new messages only.
/// The history is kept where the conversation is, so callers must not send their own copy of it along with its id. Works over HTTP
/// (<see cref="HttpConversations"/>) and over any other <see cref="IConversations"/>. Thread-safe.
/// </summary>
/// <param name="conversations">The conversations.</param>
/// <param name="model">Name of the model as callers see it; null when there are several.</param>
/// <param name="address">Where they are, for the metadata; null when there is no one address.</param>
public sealed class ConversationsChatClient(IConversations conversations, string? model = null, Uri? address = null) : IChatClient
{
    /// <summary>Name of the additional property (<see cref="ChatOptions.AdditionalProperties"/>) with the turn's id; who names it can send a turn again.</summary>
    public const string TurnIdProperty = "turn_id";

    /// <summary>Name of the provider, in the metadata.</summary>
    public const string Provider = "hybrid-conversations";

    private readonly ChatClientMetadata _metadata = new(Provider, address, model);

    /// <inheritdoc/>
    public async Task<ChatResponse> GetResponseAsync(
        IEnumerable<AiMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            updates.Add(update);
        }

        return updates.ToChatResponse();
    }

    /// <exception cref="ProblemException">The messages are not a turn, or the turn failed.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<AiMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        if (options?.Tools is { Count: > 0 })
        {
            throw new ProblemException(ProblemCodes.InvalidRequest("Tools were given, and the models here call none. Leave ChatOptions.Tools out."));
        }

        var id = options?.ConversationId ?? Guid.NewGuid().ToString("N");
        var turn = TurnOf([.. messages], options);
        await foreach (var e in conversations.Get(id).Say(turn, cancellationToken))
        {
            switch (e)
            {
                case ReplyText text:
                    yield return Update(new TextContent(text.Text));
                    break;
                case ReplyCompleted completed:
                    var end = Update(new UsageContent(UsageOf(completed.Usage)));
                    end.FinishReason = FinishReasonOf(completed.FinishReason);
                    yield return end;
                    break;
                case ReplyFailed failed:
                    throw new ProblemException(failed.Problem);
            }
        }

        ChatResponseUpdate Update(AIContent content) => new(ChatRole.Assistant, [content])
        {
            ConversationId = id,
            ResponseId = turn.TurnId,
            MessageId = turn.TurnId,
            ModelId = options?.ModelId ?? model,
        };
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? _metadata
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(conversations) ? conversations
            : null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // The conversations belong to who made them.
    }

    private static Turn TurnOf(IReadOnlyList<AiMessage> messages, ChatOptions? options)
    {
        var system = new StringBuilder(options?.Instructions);
        var text = new StringBuilder();
        foreach (var message in messages)
        {
            var into = message.Role == ChatRole.System ? system
                : message.Role == ChatRole.User ? text
                : throw new ProblemException(ProblemCodes.InvalidRequest(
                    $"A message of role '{message.Role}' was sent. The history of a conversation is kept for you: send new user messages only, with the ConversationId of the last answer."));
            into.Append(into.Length > 0 ? "\n" : "").Append(message.Text);
        }

        return new Turn
        {
            TurnId = options?.AdditionalProperties?.TryGetValue(TurnIdProperty, out string? turnId) is true && turnId is not null ? turnId : Guid.NewGuid().ToString("N"),
            Text = text.ToString(),
            System = system.Length > 0 ? system.ToString() : null,
            Sampling = new SamplingOptions
            {
                MaxTokens = options?.MaxOutputTokens,
                Temperature = options?.Temperature,
                TopP = options?.TopP,
                TopK = options?.TopK,
                FrequencyPenalty = options?.FrequencyPenalty,
                PresencePenalty = options?.PresencePenalty,
                Seed = options?.Seed,
                Stop = [.. options?.StopSequences ?? []],
                JsonSchema = SchemaOf(options?.ResponseFormat),
            },
        };
    }

    private static string? SchemaOf(ChatResponseFormat? format) => format is ChatResponseFormatJson json
        ? json.Schema is { } schema ? JsonSerializer.Serialize(schema) : """{"type":"object"}"""
        : null;

    private static ChatFinishReason FinishReasonOf(FinishReason reason) => reason switch
    {
        FinishReason.Length => ChatFinishReason.Length,
        FinishReason.Stop => ChatFinishReason.Stop,
        FinishReason.Interrupted => new ChatFinishReason("interrupted"),
        _ => new ChatFinishReason("cut"),
    };

    private static UsageDetails UsageOf(TokenUsage usage) => new()
    {
        InputTokenCount = usage.PromptTokens,
        OutputTokenCount = usage.CompletionTokens,
        TotalTokenCount = usage.PromptTokens + usage.CompletionTokens,
        CachedInputTokenCount = usage.ReusedTokens,
    };
}
