using System.Text.Json;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.Ollama;

/// <summary>What <c>/api/chat</c> and <c>/api/generate</c> have in common: options, format, thinking, streaming, <c>keep_alive</c>.</summary>
internal static class OllamaOptions
{
    private const string AnyObject = """{"type":"object"}""";
    private const int ToTheEnd = 1_000_000;

    public static OllamaRequest Read(JsonMembers members, DeviceRequest request)
    {
        // One model is served, whatever it is called, and it stays in memory.
        members.Ignore("model", "name");
        var sampling = members.Any("options") switch
        {
            null => new SamplingOptions(),
            { ValueKind: JsonValueKind.Object } options => ReadSampling(members.Inside(options, "options")),
            var other => Wrong(members, other.Value),
        };
        return new OllamaRequest(
            request with { Sampling = sampling with { MaxTokens = sampling.MaxTokens ?? ToTheEnd, JsonSchema = ReadFormat(members) }, Reasoning = ReadThink(members) },
            members.Flag("stream") ?? true,
            ReadUnload(members));
    }

    private static SamplingOptions Wrong(JsonMembers members, JsonElement value)
    {
        members.Wrong("options", $"must be an object, not {JsonMembers.Kind(value)}.");
        return new SamplingOptions();
    }

    private static SamplingOptions ReadSampling(JsonMembers options)
    {
        var topP = options.Number("top_p", 0, 1);
        var length = options.Whole("num_predict", -2, ToTheEnd);

        // How the model is loaded is this server's own business.
        options.Ignore("num_ctx", "num_keep", "num_batch", "num_gpu", "main_gpu", "num_thread", "use_mmap", "use_mlock", "numa", "low_vram", "vocab_only", "f16_kv", "penalize_newline");
        return new SamplingOptions
        {
            MaxTokens = length > 0 ? length : null,
            Temperature = options.Number("temperature", 0, 2),
            TopP = topP is 0 ? double.Epsilon : topP,
            TopK = options.Whole("top_k", 0, ToTheEnd),
            MinP = options.Number("min_p", 0, 1),
            FrequencyPenalty = options.Number("frequency_penalty", -2, 2),
            PresencePenalty = options.Number("presence_penalty", -2, 2),
            Seed = options.WholeLong("seed", long.MinValue, long.MaxValue) is { } seed and not -1 ? seed : null,
            Stop = options.TextOrTexts("stop", Limits.MaxStopStrings, Limits.MaxStopCharacters),
        };
    }

    private static string? ReadFormat(JsonMembers members)
    {
        switch (members.Any("format"))
        {
            case null:
                return null;
            case { ValueKind: JsonValueKind.String } name when name.ValueEquals("json"):
                return AnyObject;
            case { ValueKind: JsonValueKind.String } name when name.ValueEquals(""):
                return null;
            case { ValueKind: JsonValueKind.Object } schema when schema.GetRawText() is { Length: <= Limits.MaxGrammarCharacters } text:
                return text;
            default:
                members.Wrong("format", $"must be \"json\" or a JSON schema of at most {Limits.MaxGrammarCharacters} characters.");
                return null;
        }
    }

    private static ReasoningOptions ReadThink(JsonMembers members) => members.Any("think") switch
    {
        null => new ReasoningOptions { Enabled = false },
        { ValueKind: JsonValueKind.True } => new ReasoningOptions { Enabled = true },
        { ValueKind: JsonValueKind.String } effort when effort.ValueEquals("low") || effort.ValueEquals("medium") || effort.ValueEquals("high") =>
            new ReasoningOptions { Enabled = true, Effort = effort.GetString() },
        { ValueKind: JsonValueKind.False } => new ReasoningOptions { Enabled = false },
        _ => WrongThink(members),
    };

    private static ReasoningOptions WrongThink(JsonMembers members)
    {
        members.Wrong("think", "must be true, false, \"low\", \"medium\" or \"high\".");
        return new ReasoningOptions();
    }

    private static bool ReadUnload(JsonMembers members) => members.Any("keep_alive") switch
    {
        { ValueKind: JsonValueKind.Number } seconds => seconds.TryGetDouble(out var value) && value == 0,
        { ValueKind: JsonValueKind.String } text => text.ValueEquals("0") || text.ValueEquals("0s"),
        _ => false,
    };
}
