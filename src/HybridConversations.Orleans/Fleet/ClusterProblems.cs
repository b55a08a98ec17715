
namespace HybridConversations.Orleans.Fleet;

/// <summary>What goes wrong between silos, as problems.</summary>
internal static class ClusterProblems
{
    /// <summary>
    /// True when the other side, or the way to it, is gone: the call may have been carried out. A grain's own fault never looks like that (<see cref="Grains.GrainFaults"/>), so
    /// an <see cref="InvalidOperationException"/> of a call is the runtime's: its connection, client or host has ended under it.
    /// </summary>
    public static bool IsLoss(Exception error) => error is SilentDeviceException or TimeoutException or EnumerationAbortedException or IOException
        or OrleansException or InvalidOperationException;

    public static Problem DeviceLost(string deviceId) => new(
        ProblemCodes.DeviceLost, 503,
        $"Device '{deviceId}' was lost before the reply was whole. Send the same turn again; another device answers it from the history.", Retryable: true, RetryAfterMs: 500);

    public static Problem SiloLeaves(string conversationId) => new(
        ProblemCodes.Stopping, 503,
        $"The silo that had conversation '{conversationId}' leaves the fleet. Send the same turn again; another one has it then.", Retryable: true, RetryAfterMs: 200);

    public static Problem SiloLost(string conversationId) => new(
        ProblemCodes.DeviceLost, 503,
        $"The device that had conversation '{conversationId}' was lost, or cannot be reached. Send the same turn again; another device answers it from the history.",
        Retryable: true, RetryAfterMs: 1000);
}

/// <summary>The device has not been heard of while its answer was awaited.</summary>
internal sealed class SilentDeviceException() : Exception("The device has not been heard of for too long.");
