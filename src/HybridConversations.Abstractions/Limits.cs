namespace HybridConversations;

/// <summary>Bounds of everything a caller may send.</summary>
public static class Limits
{
    public const int MaxIdCharacters = 128;
    public const int MaxTurnCharacters = 200_000;
    public const int MaxSystemCharacters = 50_000;
    public const int MaxStopStrings = 16;
    public const int MaxStopCharacters = 256;
    public const int MaxPage = 200;
    public const int MaxGrammarCharacters = 65_536;
}
