using HybridConversations.Devices.Telemetry;
using HybridConversations.Tests.Common;

namespace HybridConversations.Tests.Devices.Telemetry;

public sealed class SensorReaderTests
{
    private readonly VirtualClock _clock = new();

    [Fact]
    public void An_Orin_Nano_tells_all()
    {
        using var board = new RecordedBoard("orin-nano-super");

        Assert.Equal(
            new MachineSensors(63.781, 4.984 * 1.856, false)
            {
                Board = "NVIDIA Jetson Orin Nano Engineering Reference Developer Kit Super",
                PowerMode = "MAXN_SUPER",
                GpuMhz = 1020,
                GpuMaxMhz = 1020,
                MemoryMhz = 3199,
                MemoryAvailableMib = 4864,
                MemoryMib = 7620,
            },
            Rounded(new SensorReader(_clock, board.Root).Read()!));
    }

    [Fact]
    public void A_board_that_gets_hot_says_what_it_slows_down()
    {
        using var board = new RecordedBoard("orin-nano-super");
        var reader = new SensorReader(_clock, board.Root);
        Assert.False(reader.Read()!.Throttled);

        board.Apply("orin-nano-super-hot");
        Assert.False(reader.Read()!.Throttled); // no oftener than every two seconds
        _clock.Advance(TimeSpan.FromSeconds(2));

        var hot = reader.Read()!;
        Assert.True(hot.Throttled);
        Assert.Equal("gpu, over-current", hot.SlowedParts);
        Assert.Equal((99.25, 612, 1020), (hot.TemperatureC, hot.GpuMhz, hot.GpuMaxMhz));

        // Over-current events are counted since the board's start: only new ones are news.
        board.Put("sys/class/thermal/cooling_device2/cur_state", "0\n");
        board.Put("sys/class/thermal/cooling_device4/cur_state", "0\n");
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.False(reader.Read()!.Throttled);
    }

    [Fact]
    public void An_AGX_Orin_has_three_rails_that_make_the_whole()
    {
        using var board = new RecordedBoard("agx-orin");
        var sensors = new SensorReader(_clock, board.Root).Read()!;

        Assert.Equal(5.139 + 3.268 + 5.5, sensors.PowerW!.Value, 2);
        Assert.Equal((52.968, 1300.5, "MAXN", false), (sensors.TemperatureC, sensors.GpuMhz, sensors.PowerMode, sensors.Throttled));
    }

    [Fact]
    public void A_Thor_tells_its_input_in_microwatts_and_its_clusters_clock()
    {
        using var board = new RecordedBoard("thor");
        var sensors = new SensorReader(_clock, board.Root).Read()!;

        Assert.Equal((150, 1575, 4266, "gpu"), (sensors.PowerW, sensors.GpuMhz, sensors.MemoryMhz, sensors.SlowedParts));
    }

    [Fact]
    public void A_GPU_that_is_off_and_a_file_that_says_nothing_are_not_zero()
    {
        using var board = new RecordedBoard("orin-nano-super");
        board.Put("sys/class/devfreq/17000000.gpu/cur_freq", "0\n");
        board.Put("sys/class/hwmon/hwmon1/curr1_input", "");
        board.Put("var/lib/nvpmodel/status", "pmode:0009");
        var sensors = new SensorReader(_clock, board.Root).Read()!;

        Assert.Equal((null, null, "9"), (sensors.GpuMhz, sensors.PowerW, sensors.PowerMode));
    }

    [Fact]
    public void A_machine_that_tells_nothing_is_asked_in_vain()
    {
        using var nothing = new TemporaryFolder();
        Assert.Null(new SensorReader(_clock, nothing.Path).Read());
    }

    private static MachineSensors Rounded(MachineSensors sensors) => sensors with { PowerW = Math.Round(sensors.PowerW!.Value, 6) };
}
