using System.Diagnostics.Metrics;
using HybridConversations.Observability;

namespace HybridConversations.Devices.Telemetry;

/// <summary>A device of this process as gauges and counters, looked at when somebody collects them. Disposing takes them away.</summary>
public sealed class DeviceGauges : IAsyncDisposable
{
    /// <summary>One look serves all gauges of a collection, and none of the next.</summary>
    private static readonly TimeSpan LookFor = TimeSpan.FromMilliseconds(50);

    private readonly Meter _meter = new(Meters.House);
    private readonly Func<DeviceStatus> _look;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private DeviceStatus? _seen;
    private long _seenAt;

    /// <summary>Offers the gauges until they are disposed.</summary>
    public DeviceGauges(LocalDevice device, TimeProvider time)
        : this(device.Look, time)
    {
    }

    internal DeviceGauges(Func<DeviceStatus> look, TimeProvider time)
    {
        (_look, _time) = (look, time);
        Up("hc.device.requests", "{request}", "Requests on the device.", status => [Of(status.Load.Running, "hc.request.state", "running"), Of(status.Load.Waiting, "hc.request.state", "waiting")]);
        Up("hc.device.queue.limit", "{request}", "Requests that may wait.", status => [new(status.Load.QueueLimit)]);
        Up("hc.device.prompt.backlog", "{token}", "Prompt tokens that wait to be read.", status => [new(status.Load.PromptBacklogTokens)]);
        Up("hc.kv.cells", "{cell}", "KV cells (tokens) of the device.", status => [Of(status.Load.KvCellsUsed, "hc.kv.state", "used"), Of(status.Load.KvCells - status.Load.KvCellsUsed, "hc.kv.state", "free")]);
        Up("hc.kv.sequences", "{sequence}", "Conversations whose KV is resident.", status => [new(status.Load.Sequences)]);
        Up("hc.kv.parked.states", "{state}", "KV states in host memory.", status => [new(status.Tiers?.ParkedStates ?? 0)]);
        Up("hc.kv.parked.size", "By", "Bytes of the KV states in host memory.", status => [new(status.Tiers?.ParkedBytes ?? 0)]);
        Up("hc.kv.host.size", "By", "Host memory allocated for KV, parked and on the way to or from the disk.", status => [new(status.Tiers?.HostBytes ?? 0)]);
        Count("hc.device.tokens", "{token}", "Tokens that the device has computed or guessed.", status => status.Work is not { } work ? [] :
        [
            Of(work.TokensGenerated, "hc.token.kind", "generated"), Of(work.TokensRead, "hc.token.kind", "read"),
            Of(work.TokensDrafted, "hc.token.kind", "drafted"), Of(work.DraftsAccepted, "hc.token.kind", "draft_accepted"),
        ]);
        Count("hc.device.replies", "{reply}", "Generations that ended, by how.", status => status.Work is not { } work ? [] :
        [
            Of(work.Replies, GenAi.Outcome, "completed"), Of(work.Cancelled, GenAi.Outcome, ReplyMeter.Cancelled),
            Of(work.Refused, GenAi.Outcome, ReplyMeter.Refused), Of(work.Failed, GenAi.Outcome, ReplyMeter.Failed),
        ]);
        Count("hc.engine.steps", "{step}", "Steps of the engine.", status => [new(status.Work?.Steps ?? 0)]);
        Count("hc.listening.drafts", "{draft}", "Spoken drafts that were read ahead.", status => [new(status.Listening?.Drafts ?? 0)]);
        Count("hc.listening.adopted", "{reply}", "Replies begun before their turn came and adopted by it.", status => [new(status.Listening?.Adopted ?? 0)]);
        Count("hc.listening.wasted", "{token}", "Tokens of replies that no turn adopted.", status => [new(status.Listening?.WastedTokens ?? 0)]);
        Up("hc.device.ready", "{flag}", "1 while the device takes turns.", status => [new(status.State == DeviceState.Ready ? 1 : 0)]);
        Gauge("hc.device.temperature", "Cel", "The hottest zone.", status => status.Sensors?.TemperatureC);
        Gauge("hc.device.power", "W", "What the board draws.", status => status.Sensors?.PowerW);
        Gauge("hc.device.throttled", "{flag}", "1 while something slows the processor down to keep it cool.", status => status.Sensors?.Throttled is { } throttled ? throttled ? 1 : 0 : null);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _meter.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Up(string name, string unit, string description, Func<DeviceStatus, Measurement<long>[]> values) =>
        _meter.CreateObservableUpDownCounter(name, () => values(Look()), unit, description);

    private void Count(string name, string unit, string description, Func<DeviceStatus, Measurement<long>[]> values) =>
        _meter.CreateObservableCounter(name, () => values(Look()), unit, description);

    private void Gauge(string name, string unit, string description, Func<DeviceStatus, double?> value) =>
        _meter.CreateObservableGauge(name, () => value(Look()) is { } known ? new[] { new Measurement<double>(known) } : [], unit, description);

    private static Measurement<long> Of(long value, string tag, string name) => new(value, new KeyValuePair<string, object?>(tag, name));

    private DeviceStatus Look()
    {
        lock (_lock)
        {
            if (_seen is null || _time.GetElapsedTime(_seenAt) > LookFor)
            {
                (_seen, _seenAt) = (_look(), _time.GetTimestamp());
            }

            return _seen;
        }
    }
}
