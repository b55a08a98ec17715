using HybridConversations.Http.Requests;

namespace HybridConversations.Http.Conversations;

/// <summary>Every field of a turn. docs/http-api.md says what each does; what is none of them is passed over and named in the answer.</summary>
internal static class TurnFields
{
    public static FieldTable Table { get; } = new(
        "POST /conversations/{id}/turns",
        [
            new(FieldUse.Supported, "the turn", "turnId", "text", "system", "interrupt", "received", "resumable", "priority", "deadlineMs", "private", "device", "think", "allowFallback", "tenant"),
            new(FieldUse.Supported, "functions and their results", "tools", "toolChoice", "parallelToolCalls", "toolResults"),
            new(FieldUse.Supported, "thoughts", "reasoningEffort", "enableThinking", "thinkingBudget"),
            new(FieldUse.Supported, "sampling", "maxTokens", "temperature", "topP", "topK", "minP", "frequencyPenalty", "presencePenalty", "seed", "stop", "grammar", "jsonSchema"),
            new(FieldUse.Supported, "samplers", "repeatPenalty", "repeatLastTokens", "logitBias", "typicalP", "dryMultiplier", "dryBase", "dryAllowedLength", "dryLastTokens", "dryBreakers", "xtcProbability", "xtcThreshold"),
        ]);
}
