using System.Runtime.InteropServices;

namespace HybridConversations.Routing;

/// <summary>One normalised word of a turn: a piece of the list's letters and its hash.</summary>
/// <param name="Start">First character in <see cref="WordList.Letters"/>.</param>
/// <param name="Length">Characters.</param>
/// <param name="Hash">FNV-1a of the characters, the same on every machine.</param>
/// <param name="Kind">What sort of word it is.</param>
/// <param name="Classes">The classes of the <see cref="Lexicon"/> that it belongs to, a bit each.</param>
/// <param name="StandsAlone">A character of a script that puts no blanks between words.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Word(int Start, int Length, uint Hash, WordKind Kind, ulong Classes, bool StandsAlone);

internal enum WordKind : byte
{
    /// <summary>Says what is asked.</summary>
    Content,

    /// <summary>Holds a sentence together (the, of, please): never one half of a pair of content words.</summary>
    Function,

    /// <summary>Digits or a number word; all are the same word, <c>#</c>.</summary>
    Number,
}
