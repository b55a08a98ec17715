using System.Text.Json.Serialization;

namespace HybridConversations.Http.OpenAi;

/// <summary>A text completion, whole or a chunk of one.</summary>
internal sealed record TextCompletion(string Id, string Object, long Created, string Model, string SystemFingerprint, IReadOnlyList<TextChoice> Choices)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChatUsage? Usage { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ChatTimings? Timings { get; init; }
}

internal sealed record TextChoice(string Text, int Index, TextLogProbs? Logprobs, string? FinishReason);

/// <summary>Log probabilities as text completions have them: lists of the same length.</summary>
/// <param name="Tokens">The tokens' texts.</param>
/// <param name="TokenLogprobs">Theirs.</param>
/// <param name="TopLogprobs">Of the likeliest in their places, by text.</param>
/// <param name="TextOffset">Where each begins in the choice's text, in UTF-16 units.</param>
internal sealed record TextLogProbs(IReadOnlyList<string> Tokens, IReadOnlyList<double> TokenLogprobs, IReadOnlyList<IReadOnlyDictionary<string, double>> TopLogprobs, IReadOnlyList<int> TextOffset)
{
    public static TextLogProbs? Of(IReadOnlyList<TokenLogProb>? tokens, int offset)
    {
        if (tokens is null)
        {
            return null;
        }

        var offsets = new List<int>(tokens.Count);
        foreach (var token in tokens)
        {
            offsets.Add(offset);
            offset += token.Token.Length;
        }

        return new TextLogProbs(
            [.. tokens.Select(token => token.Token)], [.. tokens.Select(token => token.LogProb)],
            [.. tokens.Select(token => token.Top.GroupBy(top => top.Token, StringComparer.Ordinal).ToDictionary(top => top.Key, top => top.Max(same => same.LogProb)))], offsets);
    }
}
