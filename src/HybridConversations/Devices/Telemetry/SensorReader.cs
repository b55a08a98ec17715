using HybridConversations.Inference.Models;

namespace HybridConversations.Devices.Telemetry;

/// <summary>
/// Temperature, power, clocks, memory and throttling of the machine, as the kernel tells them. Looked at no more often than every two seconds. Thread-safe.
/// </summary>
/// <param name="time">For how often.</param>
/// <param name="root">Where <c>sys</c>, <c>proc</c>, <c>etc</c> and <c>var</c> are.</param>
internal sealed class SensorReader(TimeProvider time, string root = "/")
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    private readonly BoardFiles _files = new(root);
    private readonly Lock _lock = new();
    private MachineSensors? _last;
    private long? _overCurrents;
    private long _readAt;
    private bool _isRead;

    /// <summary>What the machine tells; null where it tells neither temperature nor power nor clocks.</summary>
    public MachineSensors? Read()
    {
        lock (_lock)
        {
            if (!_isRead || time.GetElapsedTime(_readAt) >= Fresh)
            {
                _last = Look();
                (_isRead, _readAt) = (true, time.GetTimestamp());
            }

            return _last;
        }
    }

    private MachineSensors? Look()
    {
        var (gpu, gpuMost) = BoardClocks.Gpu(_files);
        var (temperature, power) = (BoardThermals.Hottest(_files), BoardPower.Watts(_files));
        if (temperature is null && power is null && gpuMost is null)
        {
            return null;
        }

        var memory = MachineMemory.Read(Path.Combine(root, "proc/meminfo"));
        var slowed = BoardThermals.Slowed(_files)?.ToList();
        if (OverCurrentsSinceLast() > 0)
        {
            (slowed ??= []).Add("over-current");
        }

        return new MachineSensors(temperature, power, slowed is null ? null : slowed.Count > 0)
        {
            SlowedParts = slowed is { Count: > 0 } ? string.Join(", ", slowed) : null,
            Board = _files.Text("proc/device-tree/model"),
            PowerMode = BoardClocks.PowerMode(_files),
            GpuMhz = gpu,
            GpuMaxMhz = gpuMost,
            MemoryMhz = BoardClocks.Memory(_files),
            MemoryAvailableMib = memory.AvailableBytes >> 20,
            MemoryMib = memory.TotalBytes >> 20,
        };
    }

    private long OverCurrentsSinceLast()
    {
        var (before, now) = (_overCurrents, BoardPower.OverCurrents(_files));
        _overCurrents = now;
        return now is not null && before is not null ? now.Value - before.Value : 0;
    }
}
