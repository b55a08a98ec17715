using System.Text.Json.Nodes;

namespace HybridConversations.Http.Responses;

/// <summary>The response object, as it stands at a moment of its run.</summary>
internal sealed class ResponseDocument(string id, string model, DateTimeOffset created, ResponseRequest request)
{
    public string Id => id;

    /// <summary>Items that are complete.</summary>
    public JsonArray Output { get; } = [];

    /// <param name="status"><c>in_progress</c>, <c>completed</c>, <c>incomplete</c>, <c>failed</c> or <c>cancelled</c>.</param>
    /// <param name="usage">Known at the end.</param>
    /// <param name="incomplete">Why it is incomplete.</param>
    /// <param name="error">Why it failed.</param>
    public JsonObject At(string status, TokenUsage? usage = null, string? incomplete = null, Problem? error = null)
    {
        var document = new JsonObject
        {
            ["id"] = id,
            ["object"] = "response",
            ["created_at"] = created.ToUnixTimeSeconds(),
            ["status"] = status,
            ["background"] = false,
            ["error"] = error is null ? null : new JsonObject { ["code"] = error.Code, ["message"] = error.Detail },
            ["incomplete_details"] = incomplete is null ? null : new JsonObject { ["reason"] = incomplete },
            ["instructions"] = request.Instructions,
            ["max_output_tokens"] = null,
            ["metadata"] = new JsonObject(),
            ["model"] = model,
            ["output"] = Output.DeepClone(),
            ["parallel_tool_calls"] = request.Device.ParallelToolCalls,
            ["previous_response_id"] = request.PreviousId,
            ["reasoning"] = new JsonObject { ["effort"] = request.Device.Reasoning.Effort, ["summary"] = null },
            ["store"] = request.Store,
            ["temperature"] = request.Device.Sampling.Temperature,
            ["text"] = new JsonObject { ["format"] = new JsonObject { ["type"] = "text" } },
            ["tool_choice"] = "auto",
            ["tools"] = new JsonArray(),
            ["top_p"] = request.Device.Sampling.TopP,
            ["truncation"] = "disabled",
            ["usage"] = usage is null ? null : Usage(usage),
        };
        foreach (var (name, value) in request.Echo)
        {
            document[name] = value?.DeepClone();
        }

        return document;
    }

    private static JsonObject Usage(TokenUsage usage) => new()
    {
        ["input_tokens"] = usage.PromptTokens,
        ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = usage.ReusedTokens },
        ["output_tokens"] = usage.CompletionTokens,
        ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = 0 },
        ["total_tokens"] = usage.PromptTokens + usage.CompletionTokens,
    };
}
