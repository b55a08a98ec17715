using System.Text.Json;
using HybridConversations.Http.Problems;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.OpenAi;

/// <summary>From the body of <c>POST /v1/chat/completions</c> to a request for the device.</summary>
internal static class ChatCompletionReader
{
    private const int MaxTokens = 1_000_000;
    private const int MaxDeadlineMs = 3_600_000;

    /// <summary>What a nucleus of nothing means to OpenAI: the likeliest token alone.</summary>
    private const double SmallestTopP = 1e-9;

    /// <exception cref="RequestProblemException">Members are missing or have values that are not allowed.</exception>
    public static ChatCompletionRequest Read(JsonElement body, UnknownMembers unknown)
    {
        var members = new JsonMembers(body);
        var streamOptions = members.Any("stream_options");
        var tools = ChatTools.Read(members);
        var request = new ChatCompletionRequest(
            new DeviceRequest
            {
                Messages = ChatMessageReader.Read(members),
                Tools = tools,
                ToolChoice = ChatTools.ReadChoice(members, tools),
                ParallelToolCalls = members.Flag("parallel_tool_calls") ?? true,
                Reasoning = ChatReasoning.Read(members),
                TemplateVariables = ChatReasoning.ReadVariables(members),
                Sampling = ReadSampling(members),
                Priority = members.Choice<TurnPriority>("priority") ?? TurnPriority.Interactive,
                DeadlineMs = members.Whole("deadlineMs", 1, MaxDeadlineMs),
            },
            members.Flag("stream") ?? false,
            streamOptions is { ValueKind: JsonValueKind.Object } options && members.Inside(options, "stream_options").Flag("include_usage") == true);
        CheckUnsupported(members);

        // Said about the caller or to OpenAI's own machinery; nothing here depends on it.
        members.Ignore("model", "user", "metadata", "store", "service_tier", "prompt_cache_key", "prompt_cache_retention", "safety_identifier");
        members.ThrowIfWrong();
        unknown.Note("POST /v1/chat/completions", members.Unread);
        return request;
    }

    private static SamplingOptions ReadSampling(JsonMembers members)
    {
        var older = members.Whole("max_tokens", 1, MaxTokens);
        var topP = members.Number("top_p", 0, 1);
        var sampling = new SamplingOptions
        {
            MaxTokens = members.Whole("max_completion_tokens", 1, MaxTokens) ?? older,
            Temperature = members.Number("temperature", 0, 2),
            TopP = topP is 0 ? SmallestTopP : topP,
            TopK = members.Whole("top_k", 0, MaxTokens),
            MinP = members.Number("min_p", 0, 1),
            FrequencyPenalty = members.Number("frequency_penalty", -2, 2),
            PresencePenalty = members.Number("presence_penalty", -2, 2),
            Seed = members.WholeLong("seed", long.MinValue, long.MaxValue),
            Stop = members.TextOrTexts("stop", Limits.MaxStopStrings, Limits.MaxStopCharacters),
            IgnoreEnd = members.Flag("ignore_eos") ?? false,
            Grammar = members.Text("grammar", 1, Limits.MaxGrammarCharacters),
            JsonSchema = ResponseFormat.Read(members),
            TopLogProbs = ReadLogProbs(members),
        }.WithSnakeCaseSamplers(members);
        if (sampling is { Grammar: not null, JsonSchema: not null })
        {
            members.Wrong("grammar", "excludes response_format: send one of the two.");
        }

        return sampling;
    }

    private static int? ReadLogProbs(JsonMembers members)
    {
        var wanted = members.Flag("logprobs") ?? false;
        var top = members.Whole("top_logprobs", 0, 20);
        if (top is not null && !wanted)
        {
            members.Wrong("top_logprobs", "needs logprobs: true.");
        }

        return wanted ? top ?? 0 : null;
    }

    /// <summary>What would change the answer if it were passed over in silence.</summary>
    private static void CheckUnsupported(JsonMembers members)
    {
        members.Whole("n", 1, 1);
        if (members.Any("modalities") is { ValueKind: JsonValueKind.Array } modalities
            && modalities.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String || !item.ValueEquals("text")))
        {
            members.Wrong("modalities", "only [\"text\"] is answered here.");
        }
    }
}
