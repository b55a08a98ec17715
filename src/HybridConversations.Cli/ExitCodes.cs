namespace HybridConversations.Cli;

/// <summary>What the process ends with.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>A turn failed, or something that is needed is not there.</summary>
    public const int Failure = 1;

    /// <summary>A wrong option, setting or file: nothing was begun.</summary>
    public const int Usage = 2;
}
