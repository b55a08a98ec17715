using HybridConversations.Bench.Http;

namespace HybridConversations.Bench.Prompts;

/// <summary>Measures the <see cref="PromptScale"/> by asking a server how many tokens two prompts have.</summary>
internal sealed class PromptCalibration(int seed, string nonce, TimeProvider clock)
{
    private const int FewWords = 8;

    /// <summary>The larger prompt is tried in these sizes: a small context may not hold the first.</summary>
    private static readonly int[] ManyWords = [264, 72, 24];

    private readonly PromptMaker _prompts = new(new PromptScale(0, 1), seed, nonce);

    /// <exception cref="TargetException">The server reports no prompt tokens, or refuses even short prompts.</exception>
    public async Task<PromptScale> Measure(Target target, CancellationToken cancellationToken)
    {
        var few = (FewWords, await Tokens(target, FewWords, cancellationToken));
        foreach (var words in ManyWords)
        {
            try
            {
                var many = (words, await Tokens(target, words, cancellationToken));
                return many.Item2 > few.Item2
                    ? PromptScale.Between(few, many)
                    : throw new TargetException($"{target.Endpoint.Name} counts {few.Item2} tokens for {FewWords} words and {many.Item2} for {words}: its usage.prompt_tokens cannot be used.");
            }
            catch (TargetException exception) when (exception.Status == 400 && words != ManyWords[^1])
            {
                // Longer than its context, presumably: the next is shorter.
            }
        }

        throw new InvalidOperationException("The last size was tried outside the filter.");
    }

    /// <summary>Tokens that the server counts for a prompt of so many words.</summary>
    public async Task<int> Tokens(Target target, int words, CancellationToken cancellationToken)
    {
        var reply = await new ChatClient(target, clock).Ask(
            new BenchRequest("calibration", _prompts.ChatOfWords(words, $"calibration/{words}").Messages, 1), cancellationToken);
        return reply.Usage?.PromptTokens
            ?? throw new TargetException($"{target.Endpoint.Name} reports no usage.prompt_tokens; stream_options.include_usage is needed to make prompts of a known size.");
    }
}
