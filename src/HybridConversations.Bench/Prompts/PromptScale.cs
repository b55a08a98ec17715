namespace HybridConversations.Bench.Prompts;

/// <summary>How words become tokens on the model under test: <c>tokens = overhead + words × tokensPerWord</c>.</summary>
/// <param name="Overhead">Tokens of a chat prompt without its words: template, roles and the fixed part of the system message.</param>
/// <param name="TokensPerWord">Tokens of a word of <see cref="CommonWords"/>.</param>
public sealed record PromptScale(double Overhead, double TokensPerWord)
{
    /// <summary>The scale on which both measured prompts lie.</summary>
    internal static PromptScale Between((int Words, int Tokens) small, (int Words, int Tokens) large)
    {
        var perWord = (double)(large.Tokens - small.Tokens) / (large.Words - small.Words);
        return new PromptScale(small.Tokens - (small.Words * perWord), perWord);
    }

    /// <summary>Words of a chat prompt of <paramref name="tokens"/> tokens; at least one.</summary>
    internal int WordsOfPrompt(int tokens) => Math.Max(1, (int)Math.Round((tokens - Overhead) / TokensPerWord));

    /// <summary>Words of a text of <paramref name="tokens"/> tokens; at least one.</summary>
    internal int WordsOfText(int tokens) => Math.Max(1, (int)Math.Round(tokens / TokensPerWord));
}
