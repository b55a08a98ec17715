namespace HybridConversations.Inference.Diagnostics;

/// <summary>Why a prompt does not go on like the one that is held.</summary>
internal enum PrefixBreakCause
{
    /// <summary>It is another text from its first tokens on.</summary>
    OtherBeginning,

    /// <summary>What follows stood further behind: something between was left out.</summary>
    MiddleDropped,

    /// <summary>A few tokens with digits differ and all behind them is the same: a clock, a date, a counter.</summary>
    Clock,

    /// <summary>A few tokens differ and all behind them is the same.</summary>
    ChangedInPlace,

    /// <summary>Earlier turns read differently from there on.</summary>
    Rewritten,
}
