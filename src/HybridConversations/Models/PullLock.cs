using HybridConversations.Storage;

namespace HybridConversations.Models;

/// <summary>Lets one pull of a file run at a time, also across processes.</summary>
internal static class PullLock
{
    /// <summary>Holds until it is disposed of, or the process ends.</summary>
    /// <exception cref="ProblemException">Another pull of this file runs.</exception>
    public static IDisposable Take(string target)
    {
        var path = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.lock");
        try
        {
            return ExclusiveFile.Take(path);
        }
        catch (FileInUseException error)
        {
            throw new ProblemException(ProblemCodes.Overload($"{Path.GetFileName(target)} is being pulled{error.ByWhom} ({path} is locked). Wait until that is done.", 5000), error);
        }
    }
}
