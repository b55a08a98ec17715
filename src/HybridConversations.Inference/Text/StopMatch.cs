namespace HybridConversations.Inference.Text;

/// <summary>What <see cref="StopMatcher"/> found: text that may go out now, and whether a stop string has come.</summary>
/// <param name="text">Bytes that are no part of a stop string; valid until the next call of the matcher, or as long as the piece that was pushed.</param>
/// <param name="stopIndex">Index of the stop string that came; −1 for none.</param>
public readonly ref struct StopMatch(ReadOnlySpan<byte> text, int stopIndex)
{
    /// <summary>Bytes to hand out: of this piece, and of earlier pieces that had been held back.</summary>
    public ReadOnlySpan<byte> Text { get; } = text;

    /// <summary>Which of the stop strings came, or −1.</summary>
    public int StopIndex { get; } = stopIndex;

    /// <summary>True when the reply ends here, behind <see cref="Text"/>.</summary>
    public bool Stopped => StopIndex >= 0;
}
