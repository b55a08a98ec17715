using HybridConversations.Http.Requests;

namespace HybridConversations.Http.OpenAi;

/// <summary>What chat and text completions have in common: how the next token is chosen, when a reply ends, how it is sent.</summary>
internal static class OpenAiSampling
{
    private const int MaxDeadlineMs = 3_600_000;

    /// <summary>Adds to a request what its sampling members say.</summary>
    public static DeviceRequest Read(JsonMembers members, DeviceRequest request, int? topLogProbs)
    {
        var sampling = new SamplingOptions
        {
            MaxTokens = ReadLimit(members),
            Seed = members.WholeLong("seed", long.MinValue, long.MaxValue),
            IgnoreEnd = members.Flag("ignore_eos") ?? false,
            Grammar = members.Text("grammar", 1, Limits.MaxGrammarCharacters),
            JsonSchema = ResponseFormat.Read(members) ?? Schemas.Read(members, "json_schema"),
            TopLogProbs = topLogProbs,
        }.WithSnakeCaseSamplers(members);
        if (sampling is { Grammar: not null, JsonSchema: not null })
        {
            members.Wrong("grammar", "excludes response_format and json_schema: send one of them.");
        }

        return request with
        {
            Sampling = sampling,
            Priority = members.Choice<TurnPriority>("priority") ?? TurnPriority.Interactive,
            DeadlineMs = members.Whole("deadlineMs", 1, MaxDeadlineMs),
        };
    }

    public static int ReadCount(JsonMembers members) => members.Whole("n", 1, OpenAiRequest.MaxReplies) ?? 1;

    public static OpenAiRequest ReadStream(JsonMembers members, IReadOnlyList<DeviceRequest> replies)
    {
        var options = members.Any("stream_options");
        return new OpenAiRequest(
            replies,
            members.Flag("stream") ?? false,
            options is { ValueKind: System.Text.Json.JsonValueKind.Object } given && members.Inside(given, "stream_options").Flag("include_usage") == true);
    }

    /// <summary>Null, or −1 as llama.cpp has it: as long as the context goes on. 0 reads the prompt and says nothing.</summary>
    private static int? ReadLimit(JsonMembers members)
    {
        var (older, newer, native) = (members.Whole("max_tokens", -1, SamplerMembers.MaxTokens), members.Whole("max_completion_tokens", -1, SamplerMembers.MaxTokens), members.Whole("n_predict", -1, SamplerMembers.MaxTokens));
        return (newer ?? older ?? native) is { } limit and >= 0 ? limit : null;
    }
}
