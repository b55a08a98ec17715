namespace HybridConversations.Models;

/// <summary>Lets one pull of a file run at a time, also across processes.</summary>
internal static class PullLock
{
    /// <summary>Holds until it is disposed of, or the process ends.</summary>
    /// <exception cref="ProblemException">Another pull of this file runs.</exception>
    public static IDisposable Take(string target)
    {
        // The empty file stays: were it deleted, a process that had opened it a moment before would hold a lock that nobody else can see.
        var path = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new ProblemException(ProblemCodes.Overload($"{Path.GetFileName(target)} is being pulled by someone else ({path} is locked). Wait until that is done.", 5000), e);
        }
    }
}
