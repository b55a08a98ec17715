namespace HybridConversations.Inference.Replies;

/// <summary>Where a reply is between its calls and in them.</summary>
/// <param name="Phase">What must come.</param>
/// <param name="At">Bytes of a literal that have come, or the state of an automaton.</param>
/// <param name="Choice">The literal, or the function whose arguments come.</param>
internal readonly record struct CallPlace(CallPhase Phase, int At, int Choice);

/// <summary>What must come.</summary>
internal enum CallPhase
{
    /// <summary>Anything that leads nowhere.</summary>
    Dead,

    /// <summary>A thought, up to its end.</summary>
    Waiting,

    /// <summary>The beginning of the first call.</summary>
    Opening,

    /// <summary>Nothing but white space yet, and then anything.</summary>
    Start,

    /// <summary>Anything; a call behind its mark.</summary>
    Free,

    /// <summary>What stands between the mark and the arguments.</summary>
    Head,

    /// <summary>The same of a further call behind one mark.</summary>
    NextHead,

    Arguments,

    /// <summary>What stands behind the arguments.</summary>
    Tail,

    /// <summary>The end.</summary>
    Over,
}
