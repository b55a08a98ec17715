namespace HybridConversations.Storage;

/// <summary>How many entries a page of turns or conversations may have.</summary>
public static class PageLimit
{
    /// <exception cref="ProblemException"><c>invalid-request</c>: not from 1 to <see cref="Limits.MaxPage"/>.</exception>
    public static void Check(int limit)
    {
        if (limit is < 1 or > Limits.MaxPage)
        {
            throw new ProblemException(ProblemCodes.InvalidRequest($"limit is {limit}; it must be from 1 to {Limits.MaxPage}."));
        }
    }
}
