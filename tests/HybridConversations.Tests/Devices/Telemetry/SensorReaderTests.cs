using HybridConversations.Devices.Telemetry;
using HybridConversations.Tests.Common;

namespace HybridConversations.Tests.Devices.Telemetry;

public sealed class SensorReaderTests : IDisposable
{
    private readonly TemporaryFolder _root = new();
    private readonly VirtualClock _clock = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void A_jetsons_hottest_zone_and_input_rail_are_told()
    {
        Put("thermal/thermal_zone0/temp", "48500\n");
        Put("thermal/thermal_zone1/temp", "61250\n");
        Put("thermal/thermal_zone2/temp", "-256000\n");
        Put("thermal/cooling_device0/type", "pwm-fan");
        Put("thermal/cooling_device0/cur_state", "3");
        Put("hwmon/hwmon3/in1_label", "VDD_IN\n");
        Put("hwmon/hwmon3/in1_input", "5000\n");
        Put("hwmon/hwmon3/curr1_input", "2860\n");
        Put("hwmon/hwmon3/in2_label", "VDD_CPU_GPU_CV\n");
        Put("hwmon/hwmon3/in2_input", "5000\n");
        Put("hwmon/hwmon3/curr2_input", "1000\n");
        var reader = new SensorReader(_clock, _root.Path);
        Assert.Equal(new MachineSensors(61.25, 14.3, false), reader.Read());

        // No oftener than every two seconds.
        Put("thermal/cooling_device1/type", "cpufreq-cpu0");
        Put("thermal/cooling_device1/cur_state", "2");
        Assert.False(reader.Read()!.Throttled);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.True(reader.Read()!.Throttled);
    }

    [Fact]
    public void A_machine_that_tells_nothing_is_asked_in_vain() => Assert.Null(new SensorReader(_clock, Path.Combine(_root.Path, "missing")).Read());

    private void Put(string path, string text)
    {
        var file = Path.Combine(_root.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}
