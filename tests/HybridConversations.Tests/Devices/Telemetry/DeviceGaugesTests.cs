using System.Diagnostics.Metrics;
using HybridConversations.Devices.Telemetry;
using HybridConversations.Observability;

namespace HybridConversations.Tests.Devices.Telemetry;

/// <summary>What a device is seen to do by whoever collects.</summary>
public sealed class DeviceGaugesTests
{
    [Fact]
    public async Task Sensors_and_load_are_told_until_the_gauges_are_disposed()
    {
        var values = new Dictionary<string, double>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, self) => { if (instrument.Meter.Name == Meters.House) { self.EnableMeasurementEvents(instrument); } } };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
        var gauges = new DeviceGauges(() => Status, TimeProvider.System);
        listener.RecordObservableInstruments();
        Assert.Equal((61.5, 12.25, 1), (values["hc.device.temperature"], values["hc.device.power"], values["hc.device.throttled"]));
        Assert.Equal((3, 4, 30, 70), (values["hc.device.requests running"], values["hc.device.requests waiting"], values["hc.kv.cells used"], values["hc.kv.cells free"]));
        Assert.Equal((7, 1), (values["hc.device.replies completed"], values["hc.device.replies failed"]));

        values.Clear();
        await gauges.DisposeAsync();
        listener.RecordObservableInstruments();
        Assert.DoesNotContain("hc.device.temperature", values.Keys);

        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => values[instrument.Name + (tags.Length > 0 ? $" {tags[0].Value}" : "")] = value;
    }

    private static DeviceStatus Status => new()
    {
        DeviceId = "jetson",
        State = DeviceState.Ready,
        Model = new ModelStatus("m", new string('a', 64), "m", 1, 4096),
        Load = new DeviceLoad(3, 4, 256, 5, 16, 30, 100, 0),
        Work = new DeviceWork(1, 2, 3, 0, 0, Replies: 7, 0, 0, Failed: 1, 0),
        Sensors = new MachineSensors(61.5, 12.25, true),
    };
}
