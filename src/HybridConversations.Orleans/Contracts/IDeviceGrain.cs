using Orleans.CodeGeneration;

namespace HybridConversations.Orleans.Contracts;

/// <summary>A device of the fleet, by its id, which is its silo's name.</summary>
[Alias("hc.device")]
[Version(1)]
public interface IDeviceGrain : IGrainWithStringKey, IDevice
{
    /// <summary>
    /// Takes no new turns, and lets the running ones end. Its conversations go on at other devices; its KV states stay on its disk.
    /// </summary>
    /// <param name="leave">The process ends as soon as this has returned.</param>
    /// <param name="cancellationToken">Gives up waiting; the device drains on.</param>
    /// <returns>Turns that were still running when the time for draining was over.</returns>
    [Alias("drain")]
    [ResponseTimeout("00:15:00")]
    Task<int> Drain(bool leave, CancellationToken cancellationToken = default);

    /// <summary>Holds back for something else on its board (<see cref="IDeviceTruce"/>).</summary>
    /// <param name="milliseconds">For so long; 0 ends it.</param>
    [Alias("yield")]
    Task Yield(int milliseconds);
}
