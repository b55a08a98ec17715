using System.Text.Json.Nodes;
using HybridConversations.Http.Items;

namespace HybridConversations.Http.Responses;

/// <summary>The response object, as it stands at a moment of its run: a frame that the request decides, and what has come of it.</summary>
internal sealed class ResponseDocument(ResponseId id, JsonObject frame)
{
    public ResponseId Id => id;

    /// <summary>Thoughts are told as their summaries.</summary>
    public bool TellsSummary { get; } = ResponseNote.WantsSummary(frame);

    /// <summary>Items that are complete.</summary>
    public JsonArray Output { get; } = [];

    /// <summary>Where it is answered and why; null before that is decided, and for a response that is not stored.</summary>
    public JsonObject? Hybrid { get; set; }

    /// <summary>The members that the request decides.</summary>
    /// <param name="request">The request.</param>
    /// <param name="model">Who answers.</param>
    /// <param name="created">When.</param>
    public static JsonObject Frame(ResponseRequest request, string model, DateTimeOffset created)
    {
        var frame = Frame(model, created);
        frame["instructions"] = request.Turn.Instructions;
        frame["parallel_tool_calls"] = request.Turn.ParallelToolCalls;
        frame["previous_response_id"] = request.PreviousId;
        frame["store"] = request.Store;
        frame["background"] = request.Background;
        frame["conversation"] = request.ConversationId is { } conversation ? new JsonObject { ["id"] = conversation } : null;
        foreach (var (name, value) in request.Echo)
        {
            frame[name] = (name, value) switch
            {
                ("tools", JsonArray tools) => new JsonArray([.. tools.Select(Tool)]),
                ("text", JsonObject text) when text["format"] is null => Text(text),
                ("reasoning", JsonObject reasoning) => new JsonObject { ["effort"] = reasoning["effort"]?.DeepClone(), ["summary"] = reasoning["summary"]?.DeepClone() },
                _ => value?.DeepClone(),
            };
        }

        return frame;
    }

    /// <summary>The frame of a response of which nothing else is known: a turn that was said in another way.</summary>
    public static JsonObject Frame(string model, DateTimeOffset created) => new()
    {
        ["created_at"] = created.ToUnixTimeSeconds(),
        ["model"] = model,
        ["instructions"] = null,
        ["previous_response_id"] = null,
        ["conversation"] = null,
        ["background"] = false,
        ["frequency_penalty"] = 0,
        ["max_output_tokens"] = null,
        ["max_tool_calls"] = null,
        ["metadata"] = new JsonObject(),
        ["parallel_tool_calls"] = true,
        ["presence_penalty"] = 0,
        ["prompt_cache_key"] = null,
        ["reasoning"] = new JsonObject { ["effort"] = null, ["summary"] = null },
        ["safety_identifier"] = null,
        ["service_tier"] = "default",
        ["store"] = true,
        ["temperature"] = 1,
        ["text"] = Text([]),
        ["tool_choice"] = "auto",
        ["tools"] = new JsonArray(),
        ["top_logprobs"] = 0,
        ["top_p"] = 1,
        ["truncation"] = "disabled",
        ["user"] = null,
    };

    /// <param name="status"><c>in_progress</c>, <c>completed</c>, <c>incomplete</c>, <c>failed</c> or <c>cancelled</c>.</param>
    /// <param name="usage">Known at the end.</param>
    /// <param name="incomplete">Why it is incomplete.</param>
    /// <param name="error">Why it failed.</param>
    /// <param name="ended">When it was complete.</param>
    public JsonObject At(string status, TokenUsage? usage = null, string? incomplete = null, Problem? error = null, DateTimeOffset? ended = null)
    {
        var document = new JsonObject
        {
            ["id"] = id.ToString(),
            ["object"] = "response",
            ["created_at"] = null,
            ["completed_at"] = ended?.ToUnixTimeSeconds(),
            ["status"] = status,
            ["error"] = error is null ? null : new JsonObject { ["code"] = error.Code, ["message"] = error.Detail },
            ["incomplete_details"] = incomplete is null ? null : new JsonObject { ["reason"] = incomplete },
            ["output"] = Output.DeepClone(),
            ["usage"] = usage is null ? null : Usage(usage),
        };
        foreach (var (name, value) in frame)
        {
            document[name] = value?.DeepClone();
        }

        if (Hybrid is not null)
        {
            document["hybrid"] = Hybrid.DeepClone();
        }

        return document;
    }

    /// <summary>Where it is answered and why, as the extension <c>hybrid</c> says it.</summary>
    public static JsonObject Route(RouteTarget target, string? reason, string? policy, double? score) =>
        new() { ["target"] = target == RouteTarget.Cloud ? "cloud" : "local", ["reason"] = reason, ["policy"] = policy, ["score"] = score };

    private static JsonObject Text(JsonObject text)
    {
        var whole = (JsonObject)text.DeepClone();
        whole["format"] = new JsonObject { ["type"] = "text" };
        return whole;
    }

    /// <summary>The specification has every member of a function there.</summary>
    private static JsonNode? Tool(JsonNode? tool) => tool is JsonObject function
        ? new JsonObject
        {
            ["type"] = "function",
            ["name"] = function["name"]?.DeepClone(),
            ["description"] = function["description"]?.DeepClone(),
            ["parameters"] = function["parameters"]?.DeepClone(),
            ["strict"] = function["strict"]?.DeepClone(),
        }
        : tool?.DeepClone();

    private static JsonObject Usage(TokenUsage usage) => new()
    {
        ["input_tokens"] = usage.PromptTokens,
        ["input_tokens_details"] = new JsonObject { ["cached_tokens"] = usage.ReusedTokens },
        ["output_tokens"] = usage.CompletionTokens,
        ["output_tokens_details"] = new JsonObject { ["reasoning_tokens"] = usage.ReasoningTokens },
        ["total_tokens"] = usage.PromptTokens + usage.CompletionTokens,
    };
}
