using HybridConversations.Orleans.Fleet;

namespace HybridConversations.Orleans.Clients;

/// <summary>Calls whose failures are the cluster's, not the caller's: told as problems.</summary>
internal static class ClusterCall
{
    /// <exception cref="ProblemException"><c>device-lost</c>: the cluster could not be reached, or the silo was lost.</exception>
    public static async Task<T> Run<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception error) when (IsLost(error, cancellationToken))
        {
            throw new ProblemException(
                new Problem(ProblemCodes.DeviceLost, 503,
                    $"The call got no answer ({error.Message}). Check that a silo of the cluster can be reached, then try again.", Retryable: true, RetryAfterMs: 1000), error);
        }
    }

    /// <summary>True when the call was lost on its way, and its caller still waits.</summary>
    public static bool IsLost(Exception error, CancellationToken cancellationToken) => ClusterProblems.IsLoss(error) && !cancellationToken.IsCancellationRequested;
}
