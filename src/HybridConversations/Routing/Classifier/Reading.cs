namespace HybridConversations.Routing;

/// <summary>Which features a classifier reads of a text.</summary>
internal enum Reading : byte
{
    /// <summary>Its words as English.</summary>
    Words,

    /// <summary>Its words as English, and the signs of formulas and code.</summary>
    WordsAndMarks,

    /// <summary>
    /// Its words as any language but English, the signs, and where few words are known the amount of text. A word that was never learned from speaks by its
    /// classes, beginning and end only.
    /// </summary>
    OtherLanguages,
}
