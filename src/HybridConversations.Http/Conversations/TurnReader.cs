using System.Text.Json;
using HybridConversations.Http.Problems;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.Conversations;

/// <summary>From the body of <c>POST /conversations/{id}/turns</c> to a <see cref="Turn"/>.</summary>
internal static class TurnReader
{
    private const int MaxTokens = SamplerMembers.MaxTokens;
    private const int MaxDeadlineMs = 3_600_000;

    /// <exception cref="RequestProblemException">Members are missing or have values that are not allowed.</exception>
    public static Turn Read(JsonElement body, UnknownMembers unknown)
    {
        var members = new JsonMembers(body, TurnFields.Table);
        var results = TurnTools.ReadResults(members);
        var tools = TurnTools.Read(members);
        var turn = new Turn
        {
            TurnId = members.RequiredText("turnId", 1, Limits.MaxIdCharacters, "choose an id for this turn; sent again, it returns the recorded reply") ?? "",
            Text = ReadText(members, results),
            System = members.Text("system", 0, Limits.MaxSystemCharacters),
            Interrupt = members.Flag("interrupt") ?? false,
            Resumable = members.Flag("resumable") ?? false,
            Received = members.Whole("received", 0, int.MaxValue) ?? 0,
            Private = members.Flag("private") ?? false,
            Device = members.Text("device", 1, Limits.MaxIdCharacters),
            Think = members.Choice<ThinkMode>("think") ?? ThinkMode.Auto,
            AllowFallback = members.Flag("allowFallback") ?? true,
            Priority = members.Choice<TurnPriority>("priority") ?? TurnPriority.Interactive,
            DeadlineMs = members.Whole("deadlineMs", 1, MaxDeadlineMs),
            Tenant = members.Text("tenant", 1, Limits.MaxIdCharacters) ?? Tenants.Default,
            Sampling = ReadSampling(members),
            Tools = tools,
            ToolChoice = TurnTools.ReadChoice(members),
            ParallelToolCalls = members.Flag("parallelToolCalls") ?? true,
            ToolResults = results,
            Reasoning = ReadReasoning(members),
        };
        if (turn.Text.Length > 0 && string.IsNullOrWhiteSpace(turn.Text))
        {
            members.Wrong("text", "is blank: there is nothing to answer.");
        }

        if (turn.TurnId.Any(char.IsControl))
        {
            members.Wrong("turnId", "must not hold control characters.");
        }

        members.Close(unknown);
        return turn;
    }

    /// <summary>Whoever brings results need not say anything.</summary>
    private static string ReadText(JsonMembers members, IReadOnlyList<ToolResult> results) =>
        (results.Count > 0 ? members.Text("text", 0, Limits.MaxTurnCharacters) : members.RequiredText("text", 1, Limits.MaxTurnCharacters, "what the person says")) ?? "";

    /// <summary>Null for a turn that does not ask for thoughts at all.</summary>
    private static ReasoningOptions? ReadReasoning(JsonMembers members)
    {
        var effort = members.Text("reasoningEffort", 1, 16);
        if (effort is not null && !ReasoningOptions.Efforts.Contains(effort))
        {
            members.Wrong("reasoningEffort", $"'{effort}' is none of {string.Join(", ", ReasoningOptions.Efforts)}.");
        }

        var options = new ReasoningOptions
        {
            Effort = effort,
            Enabled = members.Flag("enableThinking"),
            BudgetTokens = members.Whole("thinkingBudget", 0, Limits.MaxThoughtTokens),
        };
        return options == new ReasoningOptions() ? null : options;
    }

    private static SamplingOptions ReadSampling(JsonMembers members)
    {
        var sampling = new SamplingOptions
        {
            MaxTokens = members.Whole("maxTokens", 1, MaxTokens),
            Temperature = members.Number("temperature", 0, 2),
            TopP = members.Number("topP", 0, 1, aboveMin: true),
            TopK = members.Whole("topK", 0, MaxTokens),
            MinP = members.Number("minP", 0, 1),
            FrequencyPenalty = members.Number("frequencyPenalty", -2, 2),
            PresencePenalty = members.Number("presencePenalty", -2, 2),
            Seed = members.WholeLong("seed", long.MinValue, long.MaxValue),
            Stop = members.TextOrTexts("stop", Limits.MaxStopStrings, Limits.MaxStopCharacters),
            Grammar = members.Text("grammar", 1, Limits.MaxGrammarCharacters),
            JsonSchema = Schemas.Read(members, "jsonSchema"),
        }.WithCamelCaseSamplers(members);
        if (sampling is { Grammar: not null, JsonSchema: not null })
        {
            members.Wrong("grammar", "excludes jsonSchema: send one of the two.");
        }

        return sampling;
    }
}
