using System.Globalization;

namespace HybridConversations.Devices.Telemetry;

/// <summary>
/// Temperature, power and throttling as Linux tells them in <c>/sys</c>: thermal zones and cooling devices, and the INA3221 monitors of a Jetson's board (hwmon; millivolts and
/// milliamperes of its input rail). Looked at no more often than every two seconds. Thread-safe.
/// </summary>
internal sealed class SensorReader(TimeProvider time, string root = "/sys/class")
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    private readonly Lock _lock = new();
    private MachineSensors? _last;
    private long _readAt;
    private bool _isRead;

    /// <summary>What the machine tells; null where it tells nothing.</summary>
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
        var temperatures = Folders("thermal", "thermal_zone*").Select(zone => Number(Path.Combine(zone, "temp")) / 1000).Where(celsius => celsius is > 0 and < 200).ToList();
        var power = Folders("hwmon", "hwmon*").Select(InputRailWatts).Where(watts => watts is not null).ToList();
        bool? throttled = temperatures.Count == 0 ? null
            : Folders("thermal", "cooling_device*").Any(device => Text(Path.Combine(device, "type")) is { } type && type.Contains("cpu", StringComparison.OrdinalIgnoreCase) && Number(Path.Combine(device, "cur_state")) > 0);
        return temperatures.Count == 0 && power.Count == 0 ? null : new MachineSensors(temperatures.Count == 0 ? null : temperatures.Max(), power.Count == 0 ? null : power.Sum(), throttled);
    }

    /// <summary>The rail that feeds the board is named VDD_IN; other hwmon chips have none of that name.</summary>
    private static double? InputRailWatts(string chip)
    {
        for (var channel = 1; channel <= 3; channel++)
        {
            if (Text(Path.Combine(chip, $"in{channel}_label")) is "VDD_IN"
                && Number(Path.Combine(chip, $"in{channel}_input")) is { } millivolts && Number(Path.Combine(chip, $"curr{channel}_input")) is { } milliamperes)
            {
                return millivolts * milliamperes / 1_000_000;
            }
        }

        return null;
    }

    private string[] Folders(string kind, string pattern)
    {
        try
        {
            return Directory.GetDirectories(Path.Combine(root, kind), pattern);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static double? Number(string file) => double.TryParse(Text(file), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static string? Text(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null; // many zones cannot be read while they sleep
        }
    }
}
