using System.ClientModel.Primitives;
using System.Text;
using System.Text.Json;
using Azure.AI.OpenAI.Chat;
using HybridConversations.Escalations.Endpoints;
using HybridConversations.Escalations.Settings;
using OpenAI.Chat;
using Message = OpenAI.Chat.ChatMessage;

namespace HybridConversations.Cloud;

/// <summary>Turns a request of ours into the SDK's. No tenant, conversation or user id is sent.</summary>
internal static class ChatRequest
{
    private const string NoParameters = """{"type":"object","properties":{}}""";
    private static readonly string[] GivenUp = ["abort", "error", "cancel"];

    public static List<Message> Messages(CloudRequest request)
    {
        var messages = new List<Message>(request.Messages.Count);
        foreach (var message in request.Messages)
        {
            messages.Add(message.Role switch
            {
                ChatMessage.System => new SystemChatMessage(message.Content),
                ChatMessage.Assistant when message.ToolCalls.Count > 0 => Calling(message, messages),
                ChatMessage.Assistant => new AssistantChatMessage(message.Content),
                ChatMessage.Tool => new ToolChatMessage(message.ToolCallId, message.Content),
                _ => new UserChatMessage(message.Content),
            });
        }

        return messages;
    }

    /// <summary>A message with calls. What the assistant said right before goes into it: some servers take no two of its messages in a row.</summary>
    private static AssistantChatMessage Calling(ChatMessage message, List<Message> before)
    {
        var calling = new AssistantChatMessage(message.ToolCalls.Select(call => ChatToolCall.CreateFunctionToolCall(call.CallId, call.Name, BinaryData.FromString(call.Arguments))));
        if (before is [.., AssistantChatMessage { ToolCalls.Count: 0 } said])
        {
            before.RemoveAt(before.Count - 1);
            foreach (var part in said.Content)
            {
                calling.Content.Add(part);
            }
        }

        if (message.Content.Length > 0)
        {
            calling.Content.Add(ChatMessageContentPart.CreateTextPart(message.Content));
        }

        return calling;
    }

#pragma warning disable AOAI001, OPENAI001, SCME0001 // Seed, effort, the patch and the name of the bound are marked as experimental; the tests pin what is sent.
    public static ChatCompletionOptions Options(CloudOptions endpoint, CloudRequest request)
    {
        var sampling = request.Sampling;
        var options = new ChatCompletionOptions();
        var newName = endpoint.MaxTokensName == MaxTokensMember.MaxCompletionTokens;
        if (newName || endpoint.Resource is not null)
        {
            options.MaxOutputTokenCount = request.MaxTokens;
        }
        else
        {
            options.Patch.Set("$.max_tokens"u8, request.MaxTokens);
        }

        // Azure's client renames the bound to max_tokens unless it is told not to, after the bound is set; a patched one it drops.
        if (endpoint.Resource is not null && newName)
        {
            options.SetNewMaxCompletionTokensPropertyEnabled(true);
        }

        if (sampling.JsonSchema is { } schema)
        {
            options.ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("reply", BinaryData.FromString(schema), jsonSchemaIsStrict: true);
        }

        AddTools(options, endpoint, request);
        if (endpoint.Reasoning)
        {
            if (endpoint.ReasoningEffort is { } effort)
            {
                options.ReasoningEffortLevel = effort;
            }

            return options;
        }

        options.Temperature = (float?)sampling.Temperature;
        options.TopP = (float?)sampling.TopP;
        options.FrequencyPenalty = (float?)sampling.FrequencyPenalty;
        options.PresencePenalty = (float?)sampling.PresencePenalty;
        options.Seed = sampling.Seed;
        foreach (var stop in sampling.Stop)
        {
            options.StopSequences.Add(stop);
        }

        // OpenAI's API has neither, and refuses members that it does not know; vLLM and llama-server have both.
        if (endpoint.Kind == CloudKind.Compatible)
        {
            if (sampling.TopK is { } topK)
            {
                options.Patch.Set("$.top_k"u8, topK);
            }

            if (sampling.MinP is { } minP)
            {
                options.Patch.Set("$.min_p"u8, minP);
            }
        }

        return options;
    }

    private static void AddTools(ChatCompletionOptions options, CloudOptions endpoint, CloudRequest request)
    {
        var choice = request.ToolChoice;
        foreach (var tool in request.Tools.Where(tool => choice.Allowed?.Contains(tool.Name) ?? true))
        {
            var parameters = BinaryData.FromString(tool.Parameters ?? NoParameters);
            options.Tools.Add(ChatTool.CreateFunctionTool(tool.Name, tool.Description, parameters, tool.Strict ? true : null));
        }

        if (options.Tools.Count == 0)
        {
            return;
        }

        options.ToolChoice = choice switch
        {
            { Mode: ToolChoiceMode.None } => ChatToolChoice.CreateNoneChoice(),
            { Mode: ToolChoiceMode.Required, Allowed: [var only] } => ChatToolChoice.CreateFunctionChoice(only),
            { Mode: ToolChoiceMode.Required } => ChatToolChoice.CreateRequiredChoice(),
            _ => null,
        };

        // Left out where it is the default: some models refuse to be told.
        if (!request.ParallelToolCalls && !endpoint.Reasoning)
        {
            options.AllowParallelToolCalls = false;
        }
    }

    /// <summary>One update of the SDK's as a chunk of ours.</summary>
    public static CloudChunk Chunk(StreamingChatCompletionUpdate update, Redactor redactor)
    {
        if (update.Patch.Contains("$.error"u8))
        {
            throw ErrorBody.InStream(Encoding.UTF8.GetString(ModelReaderWriter.Write(update)), redactor);
        }

        var text = update.RefusalUpdate ?? "";
        foreach (var part in update.ContentUpdate)
        {
            text += part.Text;
        }

        var usage = update.Usage is { } u ? new CloudUsage(u.InputTokenCount, u.OutputTokenCount, u.InputTokenDetails?.CachedTokenCount ?? 0) : null;
        var finish = Finish(update.FinishReason);
        var filtered = finish == CloudFinish.ContentFilter ? Filtered(update, redactor) : null;
        IReadOnlyList<CloudCallPart>? calls = update.ToolCallUpdates is { Count: > 0 } parts
            ? [.. parts.Select(part => new CloudCallPart(part.Index, part.ToolCallId, part.FunctionName, part.FunctionArgumentsUpdate?.ToString() ?? ""))]
            : null;
        return new CloudChunk(text, finish, usage, filtered, calls);
    }

    /// <summary>The SDK's update has no member for what a filter named, and keeps it all the same.</summary>
    private static string? Filtered(StreamingChatCompletionUpdate update, Redactor redactor)
    {
        using var json = JsonDocument.Parse(ModelReaderWriter.Write(update));
        return ContentFilterResults.Describe(json.RootElement) is { } filtered ? redactor.Clean(filtered) : null;
    }
#pragma warning restore AOAI001, OPENAI001, SCME0001

    /// <summary>
    /// The SDK throws at a finish reason that it does not know, and compatible servers have many ("eos_token", "abort", "model_length"). The reply has
    /// ended all the same; only the usage behind it is lost.
    /// </summary>
    public static CloudFinish UnknownFinish(string reason)
    {
        if (reason.Contains("length", StringComparison.OrdinalIgnoreCase) || reason.Contains("max_tokens", StringComparison.OrdinalIgnoreCase))
        {
            return CloudFinish.Length;
        }

        if (reason.Contains("filter", StringComparison.OrdinalIgnoreCase) || reason.Contains("safety", StringComparison.OrdinalIgnoreCase))
        {
            return CloudFinish.ContentFilter;
        }

        return Array.Exists(GivenUp, word => reason.Contains(word, StringComparison.OrdinalIgnoreCase))
            ? throw new CloudException(CloudFailureKind.Cut, "it gave the reply up itself.")
            : CloudFinish.Stop;
    }

    private static CloudFinish? Finish(ChatFinishReason? reason) => reason switch
    {
        null => null,
        ChatFinishReason.Length => CloudFinish.Length,
        ChatFinishReason.ContentFilter => CloudFinish.ContentFilter,
        _ => CloudFinish.Stop,
    };
}
