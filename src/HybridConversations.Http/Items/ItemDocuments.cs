using System.Text.Json.Nodes;

namespace HybridConversations.Http.Items;

/// <summary>Items as the API writes them.</summary>
internal static class ItemDocuments
{
    public const string Message = "message";
    public const string Reasoning = "reasoning";
    public const string Call = "function_call";
    public const string Result = "function_call_output";
    public const string Completed = "completed";

    public static JsonObject OfMessage(ItemId id, string role, string text) => new()
    {
        ["id"] = id.With("msg"),
        ["type"] = Message,
        ["status"] = Completed,
        ["role"] = role,
        ["content"] = new JsonArray(role == ChatMessage.Assistant ? OutputText(text) : new JsonObject { ["type"] = "input_text", ["text"] = text }),
    };

    public static JsonObject OfCall(ItemId id, ToolCall call, string status = Completed) => new()
    {
        ["id"] = id.With("fc"),
        ["type"] = Call,
        ["status"] = status,
        ["call_id"] = call.CallId,
        ["name"] = call.Name,
        ["arguments"] = call.Arguments,
    };

    public static JsonObject OfResult(ItemId id, string callId, string output) => new()
    {
        ["id"] = id.With("fco"),
        ["type"] = Result,
        ["status"] = Completed,
        ["call_id"] = callId,
        ["output"] = output,
    };

    /// <param name="id">Its id.</param>
    /// <param name="text">The thought.</param>
    /// <param name="isSummary">Told as its summary, for clients that read nothing else.</param>
    public static JsonObject OfReasoning(ItemId id, string text, bool isSummary) => new()
    {
        ["id"] = id.With("rs"),
        ["type"] = Reasoning,
        ["status"] = Completed,
        ["summary"] = isSummary ? new JsonArray(SummaryText(text)) : new JsonArray(),
        ["content"] = isSummary ? new JsonArray() : new JsonArray(ReasoningText(text)),
    };

    public static JsonObject OutputText(string text) => new() { ["type"] = "output_text", ["text"] = text, ["annotations"] = new JsonArray(), ["logprobs"] = new JsonArray() };

    public static JsonObject SummaryText(string text) => new() { ["type"] = "summary_text", ["text"] = text };

    public static JsonObject ReasoningText(string text) => new() { ["type"] = "reasoning_text", ["text"] = text };
}
