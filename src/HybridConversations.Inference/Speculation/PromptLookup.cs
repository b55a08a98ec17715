using HybridConversations.Inference.Scheduling;

namespace HybridConversations.Inference.Speculation;

/// <summary>
/// Guesses the next tokens of a reply from what its own prompt and reply already said after the same few tokens (prompt-lookup decoding, Saxena 2023).
/// The model checks a guess in the same batch, so the reply is the same as without; it pays only where texts repeat, and stops where it does not.
/// </summary>
internal sealed class PromptLookup
{
    /// <summary>Tokens guessed at most.</summary>
    public const int MaxDraft = 6;

    private const int Match = 4;
    private const double Smoothing = 0.2;
    private const int FirstProbe = 32;
    private const int LastProbe = 2048;
    private double _accepted;
    private int _sinceDraft;
    private int _probeAfter = FirstProbe;

    /// <summary>Tokens to try after <paramref name="tokens"/>, a part of the same span; empty when nothing like the end stands before.</summary>
    public static ReadOnlySpan<int> Draft(ReadOnlySpan<int> tokens, int limit)
    {
        if (tokens.Length <= Match || limit <= 0)
        {
            return [];
        }

        var at = tokens[..^1].LastIndexOf(tokens[^Match..]);
        return at < 0 ? [] : tokens.Slice(at + Match, Math.Min(Math.Min(limit, MaxDraft), tokens.Length - at - Match));
    }

    /// <summary>
    /// Is a draft worth its rows now? A step of R rows brings R tokens; k rows more bring the a tokens that drafts have brought lately.
    /// It pays while (R + a) ÷ time with them exceeds R ÷ time without. It is tried all the same once in a while, the less often the less it brought.
    /// </summary>
    public bool Pays(StepCostModel cost, int decodeRows)
    {
        var with = (decodeRows + _accepted) / Math.Max(0.001, cost.StepMs(decodeRows + MaxDraft, 0));
        var without = decodeRows / Math.Max(0.001, cost.StepMs(decodeRows, 0));
        return with > 1.1 * without || ++_sinceDraft >= _probeAfter;
    }

    /// <summary>Learns how a draft went.</summary>
    public void Observe(int drafted, int accepted)
    {
        _sinceDraft = 0;
        _accepted += Smoothing * (accepted - _accepted);
        _probeAfter = accepted == drafted ? 1 : accepted > 0 ? FirstProbe : Math.Min(2 * _probeAfter, LastProbe);
    }
}
