namespace HybridConversations;

/// <summary>Asks devices to hold back for something else on their board, such as a speech recogniser that wants the GPU. Thread-safe.</summary>
public interface IDeviceTruce
{
    /// <summary>Background work of a device pauses and its steps stay short for so long from now on, in place of what was asked before; zero ends it.</summary>
    /// <exception cref="ProblemException"><c>not-found</c>: there is no such device; <c>invalid-request</c>: for longer than a minute.</exception>
    Task Yield(string deviceId, TimeSpan time, CancellationToken cancellationToken = default);
}
