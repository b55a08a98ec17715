namespace HybridConversations.Inference.Diagnostics;

/// <summary>Where a prompt leaves what is held, and what became of it.</summary>
/// <param name="At">The first token that differs.</param>
/// <param name="HeldSpan">Held tokens that the prompt lacks there.</param>
/// <param name="NewSpan">Tokens of the prompt in their place.</param>
/// <param name="Cause">The likeliest reason.</param>
internal readonly record struct PrefixBreak(int At, int HeldSpan, int NewSpan, PrefixBreakCause Cause)
{
    /// <summary>Fewer tokens than this are not worth a word.</summary>
    public const int WorthSaying = 32;

    /// <summary>Another text from its start on: fewer tokens in common than a template and its first words have.</summary>
    private const int Beginning = 8;

    /// <summary>Tokens within which two texts must come together again to be one text that was changed in place.</summary>
    private const int NearBy = 64;

    private const int Anchor = 16;

    /// <summary>
    /// Looks for the place where the two go on alike. Null where nothing behind <paramref name="at"/> is the same: another conversation, unless <paramref name="own"/>.
    /// </summary>
    /// <param name="held">The tokens that are held.</param>
    /// <param name="prompt">The tokens of the new prompt.</param>
    /// <param name="at">How many they have in common.</param>
    /// <param name="own">Are they of the same conversation?</param>
    /// <param name="hasDigit">Does a token's text contain a digit?</param>
    public static PrefixBreak? Between(ReadOnlySpan<int> held, ReadOnlySpan<int> prompt, int at, bool own, Func<int, bool> hasDigit)
    {
        var was = held[at..];
        var now = prompt[at..];
        if (was.Length < WorthSaying || now.Length < WorthSaying)
        {
            return null;
        }

        if (GoOnAlike(was, now, out var heldSpan, out var newSpan))
        {
            var cause = newSpan == 0 ? PrefixBreakCause.MiddleDropped
                : HasDigit(was[..heldSpan], hasDigit) && HasDigit(now[..newSpan], hasDigit) ? PrefixBreakCause.Clock
                : PrefixBreakCause.ChangedInPlace;
            return new PrefixBreak(at, heldSpan, newSpan, cause);
        }

        return own ? new PrefixBreak(at, was.Length, now.Length, at < Beginning ? PrefixBreakCause.OtherBeginning : PrefixBreakCause.Rewritten) : null;
    }

    private static bool GoOnAlike(ReadOnlySpan<int> was, ReadOnlySpan<int> now, out int heldSpan, out int newSpan)
    {
        // What the prompt says next stands further behind in what is held, however far.
        newSpan = 0;
        heldSpan = was.IndexOf(now[..Anchor]);
        if (heldSpan > 0 && was[heldSpan..].CommonPrefixLength(now) >= WorthSaying)
        {
            return true;
        }

        // Few tokens were put in the place of few.
        for (heldSpan = 0; heldSpan < NearBy && heldSpan + WorthSaying <= was.Length; heldSpan++)
        {
            newSpan = now[..Math.Min(now.Length, NearBy + Anchor)].IndexOf(was.Slice(heldSpan, Anchor));
            if (newSpan > 0 && now[newSpan..].CommonPrefixLength(was[heldSpan..]) >= WorthSaying)
            {
                return true;
            }
        }

        return false;
    }

    private static bool HasDigit(ReadOnlySpan<int> tokens, Func<int, bool> hasDigit)
    {
        foreach (var token in tokens)
        {
            if (hasDigit(token))
            {
                return true;
            }
        }

        return false;
    }
}
