using System.Collections.ObjectModel;
using System.Globalization;
using System.Text.Json;

namespace HybridConversations.Http.Requests;

/// <summary>Reads the samplers that people bring along from llama.cpp, Ollama and text-generation-webui.</summary>
internal static class SamplerMembers
{
    /// <summary>OpenAI's limit.</summary>
    private const int MaxBiases = 300;

    /// <summary>Tokens of a reply at most, whatever a caller asks for.</summary>
    public const int MaxTokens = 1_000_000;

    /// <summary>Alternatives of a token at most.</summary>
    public const int MaxTopLogProbs = 20;

    /// <summary>What a nucleus of nothing means to OpenAI and Ollama: the likeliest token alone.</summary>
    private const double SmallestTopP = 1e-9;

    public static double? ReadTopP(JsonMembers members) => members.Number("top_p", 0, 1) is { } topP ? Math.Max(topP, SmallestTopP) : null;

    /// <summary>As llama-server names them, with those that all of its kin have.</summary>
    public static SamplingOptions WithSnakeCaseSamplers(this SamplingOptions sampling, JsonMembers members) => Read(
        sampling with
        {
            Temperature = members.Number("temperature", 0, 2),
            TopP = ReadTopP(members),
            TopK = members.Whole("top_k", 0, MaxTokens),
            MinP = members.Number("min_p", 0, 1),
            FrequencyPenalty = members.Number("frequency_penalty", -2, 2),
            PresencePenalty = members.Number("presence_penalty", -2, 2),
            Stop = members.TextOrTexts("stop", Limits.MaxStopStrings, Limits.MaxStopCharacters),
        },
        members, "repeat_penalty", "repeat_last_n", "logit_bias", "typical_p", "dry_multiplier", "dry_base", "dry_allowed_length", "dry_penalty_last_n",
        "dry_sequence_breakers", "xtc_probability", "xtc_threshold");

    /// <summary>As the API of conversations names them.</summary>
    public static SamplingOptions WithCamelCaseSamplers(this SamplingOptions sampling, JsonMembers members) => Read(
        sampling, members, "repeatPenalty", "repeatLastTokens", "logitBias", "typicalP", "dryMultiplier", "dryBase", "dryAllowedLength", "dryLastTokens",
        "dryBreakers", "xtcProbability", "xtcThreshold");

    private static SamplingOptions Read(
        SamplingOptions sampling, JsonMembers members, string repeatPenalty, string repeatLast, string bias, string typical, string multiplier, string dryBase,
        string allowedLength, string dryLast, string breakers, string probability, string threshold) => sampling with
        {
            RepeatPenalty = members.Number(repeatPenalty, 0, 2, aboveMin: true),
            RepeatLastTokens = members.Whole(repeatLast, -1, int.MaxValue),
            LogitBias = ReadBias(members, bias),
            TypicalP = members.Number(typical, 0, 1, aboveMin: true),
            DryMultiplier = members.Number(multiplier, 0, 10),
            DryBase = members.Number(dryBase, 1, 4),
            DryAllowedLength = members.Whole(allowedLength, 1, 100),
            DryLastTokens = members.Whole(dryLast, -1, int.MaxValue),
            DryBreakers = members.Any(breakers) is null ? null : members.TextOrTexts(breakers, Limits.MaxStopStrings, Limits.MaxStopCharacters),
            XtcProbability = members.Number(probability, 0, 1),
            XtcThreshold = members.Number(threshold, 0, 1),
        };

    private static IReadOnlyDictionary<int, double> ReadBias(JsonMembers members, string name)
    {
        if (members.Any(name) is not { } given)
        {
            return ReadOnlyDictionary<int, double>.Empty;
        }

        var biases = new Dictionary<int, double>();
        if (given.ValueKind != JsonValueKind.Object)
        {
            members.Wrong(name, $"must be an object of token ids with a number from -100 to 100, not {JsonMembers.Kind(given)}.");
            return biases;
        }

        foreach (var member in given.EnumerateObject())
        {
            if (!int.TryParse(member.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var token)
                || member.Value.ValueKind != JsonValueKind.Number || !member.Value.TryGetDouble(out var bias) || bias is not (>= -100 and <= 100))
            {
                members.Wrong(name, "must hold token ids of the device's model, each with a number from -100 to 100.");
                break;
            }

            biases[token] = bias;
        }

        if (biases.Count > MaxBiases)
        {
            members.Wrong(name, $"has {biases.Count} tokens; at most {MaxBiases} are allowed.");
        }

        return biases;
    }
}
