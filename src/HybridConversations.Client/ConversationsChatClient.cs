using System.Runtime.CompilerServices;
using System.Text.Json;
using HybridConversations.Client.Wire;
using Microsoft.Extensions.AI;
using AiMessage = Microsoft.Extensions.AI.ChatMessage;

namespace HybridConversations.Client;

/// <summary>
/// Conversations as an <see cref="IChatClient"/> that remembers: the answer carries a <c>ConversationId</c>, and whoever sends it back sends new messages only.
/// The history is kept where the conversation is, so callers must not send their own copy of it along with its id. Works over HTTP
/// (<see cref="HttpConversations"/>) and over any other <see cref="IConversations"/>. Functions (<see cref="ChatOptions.Tools"/>) stay with the conversation until others
/// are given; calls come as <see cref="FunctionCallContent"/>, and their results are sent as <see cref="FunctionResultContent"/>. Thread-safe.
/// </summary>
/// <param name="conversations">The conversations.</param>
/// <param name="model">Name of the model as callers see it; null when there are several.</param>
/// <param name="address">Where they are, for the metadata; null when there is no one address.</param>
public sealed class ConversationsChatClient(IConversations conversations, string? model = null, Uri? address = null) : IChatClient
{
    /// <summary>
    /// Name of the additional property (<see cref="ChatOptions.AdditionalProperties"/>) with the turn's id; who names it can send a turn again. A turn with results
    /// of calls is named after it and the first call, since functions are run with one set of options.
    /// </summary>
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
        var id = options?.ConversationId ?? Guid.NewGuid().ToString("N");
        var turn = ChatTurn.Of([.. messages], options);
        await foreach (var e in conversations.Get(id).Say(turn, cancellationToken))
        {
            switch (e)
            {
                case ReplyText text:
                    yield return Update(new TextContent(text.Text));
                    break;
                case ReplyReasoning thought when options?.Reasoning?.Output != ReasoningOutput.None:
                    yield return Update(new TextReasoningContent(thought.Text));
                    break;
                case ReplyToolCall call:
                    yield return Update(FunctionCallContent.CreateFromParsedArguments(call.Arguments, call.CallId, call.Name, Arguments));
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

    private static Dictionary<string, object?>? Arguments(string json) => JsonSerializer.Deserialize(json, WireJson.Bodies.DictionaryStringJsonElement)?
        .ToDictionary(argument => argument.Key, argument => (object?)argument.Value, StringComparer.Ordinal);

    private static ChatFinishReason FinishReasonOf(FinishReason reason) => reason switch
    {
        FinishReason.Length => ChatFinishReason.Length,
        FinishReason.Stop => ChatFinishReason.Stop,
        FinishReason.ToolCalls => ChatFinishReason.ToolCalls,
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
