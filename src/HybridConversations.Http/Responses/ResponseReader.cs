using System.Text.Json;
using System.Text.Json.Nodes;
using HybridConversations.Http.OpenAi;
using HybridConversations.Http.Problems;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.Responses;

/// <summary>The body of <c>POST /v1/responses</c>, and of <c>response.create</c> over a WebSocket.</summary>
internal static class ResponseReader
{
    private const int ToTheEnd = 1_000_000;
    private const int MaxIdCharacters = 2048;
    private const int MaxDeadlineMs = 3_600_000;
    private static readonly string[] Echoed =
        ["metadata", "parallel_tool_calls", "temperature", "top_p", "max_output_tokens", "tool_choice", "tools", "text", "reasoning", "truncation", "user", "prompt_cache_key", "safety_identifier", "prompt_cache_retention", "max_tool_calls", "service_tier", "top_logprobs"];

    /// <exception cref="RequestProblemException">Members are missing or have values that are not allowed.</exception>
    public static ResponseRequest Read(JsonElement body, UnknownMembers unknown)
    {
        var members = new JsonMembers(body);
        var topP = members.Number("top_p", 0, 1);
        var request = new ResponseRequest
        {
            Input = ResponseInput.Read(members),
            PreviousId = members.Text("previous_response_id", 1, MaxIdCharacters),
            ConversationId = ReadConversation(members),
            Stream = members.Flag("stream") ?? false,
            Store = members.Flag("store") ?? true,
            Background = members.Flag("background") ?? false,
            Turn = new Turn
            {
                TurnId = "",
                Text = "",
                Instructions = members.Text("instructions", 0, Limits.MaxSystemCharacters),
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
                Private = members.Flag("private") ?? false,
                Think = members.Choice<ThinkMode>("think") ?? ThinkMode.Auto,
                AllowFallback = members.Flag("allowFallback") ?? true,
                Device = members.Text("device", 1, Limits.MaxIdCharacters),
                Tenant = members.Text("tenant", 1, Limits.MaxIdCharacters) ?? "default",
                Interrupt = members.Flag("interrupt") ?? false,
            },
            Echo = [],
        };
        if (request is { Background: true, Store: false })
        {
            members.Wrong("store", "must not be false for a response in the background, which is read from the store.");
        }

        if (request is { PreviousId: not null, ConversationId: not null })
        {
            members.Wrong("conversation", "excludes previous_response_id: send one of the two.");
        }

        if (request is { ConversationId: not null, Store: false })
        {
            members.Wrong("store", "must not be false in a conversation, which is stored.");
        }

        ResponseMetadata.Check(members);
        // Said about the caller or to OpenAI's own machinery; nothing here depends on it. The type is that of a WebSocket's message.
        members.Ignore("model", "include", "metadata", "user", "service_tier", "prompt_cache_key", "prompt_cache_retention", "safety_identifier", "truncation", "stream_options", "type", "top_logprobs", "max_tool_calls", "stream_id");
        members.ThrowIfWrong();
        unknown.Note("POST /v1/responses", members.Unread);
        foreach (var name in Echoed)
        {
            if (members.Any(name) is { } value)
            {
                request.Echo[name] = JsonNode.Parse(value.GetRawText(), documentOptions: new JsonDocumentOptions { MaxDepth = OpenAiJson.MaxDepth });
            }
        }

        return request;
    }

    /// <summary>An id, or an object with one.</summary>
    private static string? ReadConversation(JsonMembers members) => members.Any("conversation") switch
    {
        null => null,
        { ValueKind: JsonValueKind.Object } conversation => members.Inside(conversation, "conversation").RequiredText("id", 1, Limits.MaxIdCharacters, "which conversation"),
        _ => members.Text("conversation", 1, Limits.MaxIdCharacters),
    };

    /// <summary>Null for a response that does not think.</summary>
    private static ReasoningOptions? ReadReasoning(JsonMembers members)
    {
        if (members.Any("reasoning") is not { ValueKind: JsonValueKind.Object } reasoning)
        {
            return null;
        }

        var inside = members.Inside(reasoning, "reasoning");
        switch (inside.Text("effort", 1, 16))
        {
            case null or "none":
                return null;
            case "xhigh" or "max":
                return new ReasoningOptions { Enabled = true, Effort = "high" };
            case { } effort when ReasoningOptions.Efforts.Contains(effort):
                return new ReasoningOptions { Enabled = true, Effort = effort };
            default:
                inside.Wrong("effort", $"must be one of {string.Join(", ", ReasoningOptions.Efforts)}.");
                return null;
        }
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
