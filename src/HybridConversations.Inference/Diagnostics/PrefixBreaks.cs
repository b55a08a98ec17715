using System.Text;
using HybridConversations.Inference.Backends;
using HybridConversations.Inference.KvBlocks;
using HybridConversations.Inference.KvCache;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Inference.Diagnostics;

/// <summary>
/// Says in the log where a prompt that began like an earlier one left it, and why: once for a conversation, or for a beginning that belongs to none, and a cause.
/// Belongs to the engine's thread.
/// </summary>
internal sealed partial class PrefixBreaks(IModelBackend backend, ILogger logger)
{
    private const int MaxRemembered = 256;

    /// <summary>By which requests without a conversation are told apart: few, as a clock breaks a prompt now here, now a token further on.</summary>
    private const int BeginningTokens = 8;

    private const int ShownTokens = 12;
    private const int ShownCharacters = 40;
    private readonly HashSet<(string, PrefixBreakCause)> _said = [];
    private readonly Queue<(string, PrefixBreakCause)> _order = new();

    /// <summary>Looks at a prompt before its slot is rewound.</summary>
    /// <param name="asks">Who asks.</param>
    /// <param name="prompt">What.</param>
    /// <param name="own">The slot of its conversation; null when it has none.</param>
    /// <param name="donor">The slot that has most in common with it, of those that are not its own.</param>
    /// <param name="common">Tokens in common with the one of the two that counts.</param>
    public FoundBreak? Find(in PromptFacts asks, ReadOnlySpan<int> prompt, KvSlot? own, KvSlot? donor, int common)
    {
        var held = own is { Count: > 0 } ? own : donor;
        if (held is null || common == 0 || PrefixKey.Is(asks.Key))
        {
            return null;
        }

        // Behind the last prompt stands a reply, which may have been cut to what was heard, or words that were still being spoken: those are meant to change.
        var settled = own == held ? Math.Min(own.Settled, own.Count) : held.Count;
        if (common >= settled - PrefixBreak.WorthSaying || PrefixBreak.Between(held.Tokens[..settled], prompt, common, own == held, HasDigit) is not { } found)
        {
            return null;
        }

        var who = asks.Key is { } key && own == held ? $"conversation '{key}'" : null;
        if (!Remember((who ?? PrefixKey.Of(prompt[..Math.Min(common, BeginningTokens)]), found.Cause)))
        {
            return null;
        }

        var hidden = asks.Hidden || held.Private;
        return new FoundBreak(found, who ?? "a request without a conversation of its own here",
            hidden ? "" : Text(prompt[Math.Max(0, common - ShownTokens)..common], fromEnd: true),
            hidden ? "" : Text(held.Tokens[common..Math.Min(held.Count, common + Math.Clamp(found.HeldSpan, 1, ShownTokens))], fromEnd: false),
            hidden ? "" : Text(prompt[common..Math.Min(prompt.Length, common + Math.Clamp(found.NewSpan, 1, ShownTokens))], fromEnd: false));
    }

    /// <summary>Says it, now that it is known what could be kept.</summary>
    public void Report(FoundBreak found, int kept, int prompt)
    {
        var where = found.Before.Length + found.Now.Length == 0 ? "(not shown: private)"
            : found.Break.Cause == PrefixBreakCause.MiddleDropped ? $"…{found.Before}| {found.Now}… where {found.Was}… stood"
            : $"…{found.Before}|{found.Now}… where {found.Was}… stood";
        LogBroke(found.Who, found.Break.At, where, prompt - kept, prompt, Explain(found.Break));
    }

    private static string Explain(PrefixBreak found) => found.Cause switch
    {
        PrefixBreakCause.MiddleDropped => $"{found.HeldSpan} tokens of the history were left out there, by the client or because the conversation outgrew its share of --context.",
        PrefixBreakCause.Clock => "this looks like a clock, a date or a counter in a text that comes before everything else; what changes belongs at its end.",
        PrefixBreakCause.ChangedInPlace => "a few words in the middle of the same text are others now; what changes belongs at its end.",
        PrefixBreakCause.OtherBeginning => "the beginning itself is another: another system prompt, or another chat template.",
        _ => "earlier turns read differently now.",
    };

    private bool Remember((string, PrefixBreakCause) what)
    {
        if (!_said.Add(what))
        {
            return false;
        }

        _order.Enqueue(what);
        if (_order.Count > MaxRemembered)
        {
            _said.Remove(_order.Dequeue());
        }

        return true;
    }

    private bool HasDigit(int token)
    {
        Span<byte> piece = stackalloc byte[512];
        return backend.TokenToPiece(token, piece) is > 0 and var length && piece[..length].ContainsAnyInRange((byte)'0', (byte)'9');
    }

    /// <summary>What the tokens spell, on one line and short.</summary>
    private string Text(ReadOnlySpan<int> tokens, bool fromEnd)
    {
        var bytes = new List<byte>();
        Span<byte> piece = stackalloc byte[512];
        foreach (var token in tokens)
        {
            bytes.AddRange(piece[..Math.Max(0, backend.TokenToPiece(token, piece))]);
        }

        var text = new StringBuilder(Encoding.UTF8.GetString([.. bytes])).Replace("\n", "\\n").ToString();
        text = string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        return text.Length <= ShownCharacters ? text : fromEnd ? text[^ShownCharacters..] : text[..ShownCharacters];
    }

    [LoggerMessage(5, LogLevel.Warning, "A prompt of {Who} leaves the one before at token {Token}: {Where} {Read} of its {Prompt} tokens are read again. Likely cause: {Cause} (Told once.)")]
    private partial void LogBroke(string who, int token, string where, int read, int prompt, string cause);
}
