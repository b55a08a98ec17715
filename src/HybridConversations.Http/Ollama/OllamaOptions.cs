using System.Text.Json;
using HybridConversations.Http.Requests;

namespace HybridConversations.Http.Ollama;

/// <summary>What <c>/api/chat</c> and <c>/api/generate</c> have in common: options, format, thinking, streaming, <c>keep_alive</c>.</summary>
internal static class OllamaOptions
{
    public static OllamaRequest Read(JsonMembers members, DeviceRequest request)
    {
        var sampling = members.Any("options") switch
        {
            null => new SamplingOptions(),
            { ValueKind: JsonValueKind.Object } options => ReadSampling(members.Inside(options, "options", OllamaFields.Options)),
            var other => Wrong(members, other.Value),
        };
        return new OllamaRequest(
            request with { Sampling = sampling with { JsonSchema = ReadFormat(members) }, Reasoning = ReadThink(members) },
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
        var length = options.Whole("num_predict", -2, SamplerMembers.MaxTokens);
        var sampling = new SamplingOptions
        {
            MaxTokens = length > 0 ? length : null,
            Seed = options.WholeLong("seed", long.MinValue, long.MaxValue) is { } seed and not -1 ? seed : null,
        }.WithSnakeCaseSamplers(options);
        options.Settle();
        return sampling;
    }

    private static string? ReadFormat(JsonMembers members)
    {
        switch (members.Any("format"))
        {
            case null:
                return null;
            case { ValueKind: JsonValueKind.String } name when name.ValueEquals("json"):
                return Schemas.AnyObject;
            case { ValueKind: JsonValueKind.String } name when name.ValueEquals(""):
                return null;
            case { ValueKind: JsonValueKind.Object }:
                return Schemas.Read(members, "format");
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
