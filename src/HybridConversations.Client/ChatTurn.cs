using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;
using AiMessage = Microsoft.Extensions.AI.ChatMessage;

namespace HybridConversations.Client;

/// <summary>New messages of a chat, and their options, as a turn of a conversation.</summary>
internal static class ChatTurn
{
    // A model pays for every space, and reads words rather than escapes.
    private static readonly JsonSerializerOptions Results = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <exception cref="ProblemException">They are not a turn.</exception>
    public static Turn Of(IReadOnlyList<AiMessage> messages, ChatOptions? options)
    {
        var system = new StringBuilder(options?.Instructions);
        var text = new StringBuilder();
        var results = new List<ToolResult>();
        foreach (var message in messages)
        {
            results.AddRange(message.Contents.OfType<FunctionResultContent>().Select(result => new ToolResult(result.CallId, ContentOf(result))));
            if (message.Role == ChatRole.Tool)
            {
                continue;
            }

            var into = message.Role == ChatRole.System ? system
                : message.Role == ChatRole.User ? text
                : throw new ProblemException(ProblemCodes.InvalidRequest(
                    $"A message of role '{message.Role}' was sent. The history of a conversation is kept for you: send new user messages only, and results of calls, with the ConversationId of the last answer."));
            into.Append(into.Length > 0 && message.Text.Length > 0 ? "\n" : "").Append(message.Text);
        }

        return new Turn
        {
            TurnId = TurnId(options, results),
            Text = text.ToString(),
            System = system.Length > 0 ? system.ToString() : null,
            Tools = options?.Tools is { } tools ? [.. tools.Select(ToolOf)] : null,
            ToolChoice = ChoiceOf(options?.ToolMode),
            ParallelToolCalls = options?.AllowMultipleToolCalls ?? true,
            ToolResults = results,
            Reasoning = ReasoningOf(options?.Reasoning),
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

    /// <summary>
    /// A turn with results is named after the first call that it answers, so that who sends the results again (a retry, a restart) hears the reply that there is. The
    /// caller's own id names the turn that began it: functions are run with the same options over and over.
    /// </summary>
    private static string TurnId(ChatOptions? options, List<ToolResult> results)
    {
        var chosen = options?.AdditionalProperties?.TryGetValue(ConversationsChatClient.TurnIdProperty, out string? turnId) is true ? turnId : null;
        if (results.Count == 0)
        {
            return chosen ?? Guid.NewGuid().ToString("N");
        }

        var id = $"{chosen ?? "result"}:{results[0].CallId}";
        return id.Length <= Limits.MaxIdCharacters ? id : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
    }

    /// <summary>Text as it is, anything else as JSON; a failure as the words that tell of it.</summary>
    private static string ContentOf(FunctionResultContent result) => result.Result switch
    {
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } text => text.GetString() ?? "",
        null => result.Exception is null ? "" : $"Error: {result.Exception.Message}",
        var value => JsonSerializer.Serialize(value, Results.GetTypeInfo(value.GetType())),
    };

    private static ToolDefinition ToolOf(AITool tool) => tool is AIFunctionDeclaration function
        ? new ToolDefinition(function.Name, string.IsNullOrEmpty(function.Description) ? null : function.Description, function.JsonSchema.GetRawText())
        : throw new ProblemException(ProblemCodes.InvalidRequest($"Tools has '{tool.Name}', which is no function ({tool.GetType().Name}): only functions of your own are called here."));

    private static ToolChoice? ChoiceOf(ChatToolMode? mode) => mode switch
    {
        null => null,
        NoneChatToolMode => ToolChoice.None,
        RequiredChatToolMode { RequiredFunctionName: { } name } => ToolChoice.Named(name),
        RequiredChatToolMode => ToolChoice.Required,
        _ => ToolChoice.Auto,
    };

    private static ReasoningOptions? ReasoningOf(Microsoft.Extensions.AI.ReasoningOptions? reasoning) => reasoning?.Effort switch
    {
        null => reasoning is null ? null : new ReasoningOptions { Enabled = true },
        ReasoningEffort.None => new ReasoningOptions { Effort = "none" },
        ReasoningEffort.Low => new ReasoningOptions { Effort = "low" },
        ReasoningEffort.Medium => new ReasoningOptions { Effort = "medium" },
        _ => new ReasoningOptions { Effort = "high" },
    };

    private static string? SchemaOf(ChatResponseFormat? format) => format is ChatResponseFormatJson json
        ? json.Schema is { } schema ? JsonSerializer.Serialize(schema) : """{"type":"object"}"""
        : null;
}
