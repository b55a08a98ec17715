namespace HybridConversations;

/// <summary>Bounds of everything a caller may send.</summary>
public static class Limits
{
    /// <summary>Characters of a conversation's or a turn's id.</summary>
    public const int MaxIdCharacters = 128;

    /// <summary>Characters of what is said in a turn.</summary>
    public const int MaxTurnCharacters = 200_000;

    /// <summary>Characters of a system prompt.</summary>
    public const int MaxSystemCharacters = 50_000;

    /// <summary>Stop strings of a turn.</summary>
    public const int MaxStopStrings = 16;

    /// <summary>Characters of a stop string.</summary>
    public const int MaxStopCharacters = 256;

    /// <summary>Entries of a page of turns or conversations.</summary>
    public const int MaxPage = 200;

    /// <summary>Characters of a grammar or schema.</summary>
    public const int MaxGrammarCharacters = 65_536;

    /// <summary>Functions of a conversation.</summary>
    public const int MaxTools = 128;

    /// <summary>Characters of a tool's name.</summary>
    public const int MaxToolNameCharacters = 64;

    /// <summary>Names, descriptions and schemas of all functions of a conversation together.</summary>
    public const int MaxToolsCharacters = 200_000;

    /// <summary>Results in one turn.</summary>
    public const int MaxToolResults = 128;

    /// <summary>Contents of all results of one turn together.</summary>
    public const int MaxToolResultCharacters = 200_000;

    /// <summary>Calls of one conversation that wait for their results; where there are more, the oldest are given up.</summary>
    public const int MaxOpenCalls = 128;

    /// <summary>Tokens of a thought that a caller may allow.</summary>
    public const int MaxThoughtTokens = 1_000_000;

    /// <summary>Messages that one turn may bring from elsewhere.</summary>
    public const int MaxEarlierMessages = 4096;

    /// <summary>Contents and arguments of all of them together.</summary>
    public const int MaxEarlierCharacters = 400_000;

    /// <summary>What a caller may keep with a turn, or with a conversation.</summary>
    public const int MaxNoteCharacters = 400_000;

    /// <summary>Turns with which a conversation may begin.</summary>
    public const int MaxFirstTurns = 1000;
}
