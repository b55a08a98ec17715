using System.Text.Json;
using System.Text.Json.Nodes;
using HybridConversations.Http.Problems;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.Responses;

/// <summary>The body of <c>POST /v1/responses</c>, and of <c>response.create</c> over a WebSocket.</summary>
internal static class ResponseReader
{
    private const int ToTheEnd = 1_000_000;
    private const int MaxCharacters = 1 << 20;
    private const int MaxDeadlineMs = 3_600_000;
    private static readonly string[] Echoed =
        ["metadata", "parallel_tool_calls", "temperature", "top_p", "max_output_tokens", "tool_choice", "tools", "text", "reasoning", "truncation", "user", "prompt_cache_key", "safety_identifier"];

    /// <exception cref="RequestProblemException">Members are missing or have values that are not allowed.</exception>
    public static ResponseRequest Read(JsonElement body, UnknownMembers unknown)
    {
        var members = new JsonMembers(body);
        var (input, items) = ResponseInput.Read(members);
        var topP = members.Number("top_p", 0, 1);
        var request = new ResponseRequest
        {
            Input = input,
            InputItems = items,
            Instructions = members.Text("instructions", 0, MaxCharacters),
            PreviousId = members.Text("previous_response_id", 1, 256),
            Stream = members.Flag("stream") ?? false,
            Store = members.Flag("store") ?? true,
            Device = new DeviceRequest
            {
                Messages = [],
                Tools = ResponseTools.Read(members),
                ToolChoice = ResponseTools.ReadChoice(members),
                ParallelToolCalls = members.Flag("parallel_tool_calls") ?? true,
                Reasoning = ReadReasoning(members),
                Sampling = new SamplingOptions
                {
                    MaxTokens = members.Whole("max_output_tokens", 1, ToTheEnd) ?? ToTheEnd,
                    Temperature = members.Number("temperature", 0, 2),
                    TopP = topP is 0 ? double.Epsilon : topP,
                    JsonSchema = ReadFormat(members),
                },
                Priority = members.Choice<TurnPriority>("priority") ?? TurnPriority.Interactive,
                DeadlineMs = members.Whole("deadlineMs", 1, MaxDeadlineMs),
            },
            Echo = [],
        };
        if (members.Flag("background") == true)
        {
            members.Wrong("background", "is not supported: read the stream, or wait for the answer.");
        }

        if (members.Any("conversation") is not null)
        {
            members.Wrong("conversation", "is not supported here: go on with previous_response_id, or use /conversations (docs/http-api.md).");
        }

        // Said about the caller or to OpenAI's own machinery; nothing here depends on it. The type is that of a WebSocket's message.
        members.Ignore("model", "include", "metadata", "user", "service_tier", "prompt_cache_key", "prompt_cache_retention", "safety_identifier", "truncation", "stream_options", "type", "top_logprobs", "max_tool_calls", "stream_id");
        members.ThrowIfWrong();
        unknown.Note("POST /v1/responses", members.Unread);
        foreach (var name in Echoed)
        {
            if (members.Any(name) is { } value)
            {
                request.Echo[name] = JsonNode.Parse(value.GetRawText());
            }
        }

        return request;
    }

    private static ReasoningOptions ReadReasoning(JsonMembers members)
    {
        if (members.Any("reasoning") is not { ValueKind: JsonValueKind.Object } reasoning)
        {
            return new ReasoningOptions { Enabled = false };
        }

        var effort = members.Inside(reasoning, "reasoning").Text("effort", 1, 16);
        return new ReasoningOptions { Enabled = effort is not (null or "none"), Effort = effort };
    }

    private static string? ReadFormat(JsonMembers members)
    {
        if (members.Any("text") is not { ValueKind: JsonValueKind.Object } text || members.Inside(text, "text").Any("format") is not { ValueKind: JsonValueKind.Object } format)
        {
            return null;
        }

        var inside = members.Inside(format, "text.format");
        switch (inside.Text("type", 1, 64))
        {
            case "text":
                return null;
            case "json_object":
                return """{"type":"object"}""";
            case "json_schema" when inside.Any("schema") is { ValueKind: JsonValueKind.Object } schema && schema.GetRawText() is { Length: <= Limits.MaxGrammarCharacters } json:
                return json;
            default:
                inside.Wrong("type", $"must be \"text\", \"json_object\", or \"json_schema\" with a schema of at most {Limits.MaxGrammarCharacters} characters.");
                return null;
        }
    }
}
