namespace HybridConversations.Http.Fleet;

/// <summary>A device at a moment. What it does not tell is null.</summary>
/// <param name="At">When.</param>
/// <param name="TokensPerSecond">Tokens generated a second since the sample before.</param>
/// <param name="ReadPerSecond">Prompt tokens read a second since the sample before.</param>
/// <param name="Running">Generations in the batch.</param>
/// <param name="Waiting">Requests in the queue.</param>
/// <param name="KvCells">KV cells in use.</param>
/// <param name="FirstTokenP50Ms">See <see cref="RecentReplies"/>; null without replies in the last minute.</param>
/// <param name="FirstTokenP95Ms">Likewise.</param>
/// <param name="GapP50Ms">Likewise.</param>
/// <param name="GapP95Ms">Likewise.</param>
/// <param name="TemperatureC">°C.</param>
/// <param name="PowerW">W.</param>
internal readonly record struct DeviceSample(
    DateTimeOffset At, double? TokensPerSecond, double? ReadPerSecond, double Running, double Waiting, double KvCells, double? FirstTokenP50Ms, double? FirstTokenP95Ms,
    double? GapP50Ms, double? GapP95Ms, double? TemperatureC, double? PowerW)
{
    /// <summary>The series by name; those of which peaks matter are thinned out by their highest value, others by their mean.</summary>
    public static readonly IReadOnlyDictionary<string, (Func<DeviceSample, double?> Value, bool IsPeak)> Series = new Dictionary<string, (Func<DeviceSample, double?>, bool)>
    {
        ["tokensPerSecond"] = (sample => sample.TokensPerSecond, false),
        ["readPerSecond"] = (sample => sample.ReadPerSecond, false),
        ["running"] = (sample => sample.Running, true),
        ["waiting"] = (sample => sample.Waiting, true),
        ["kvCells"] = (sample => sample.KvCells, true),
        ["firstTokenP50Ms"] = (sample => sample.FirstTokenP50Ms, false),
        ["firstTokenP95Ms"] = (sample => sample.FirstTokenP95Ms, true),
        ["gapP50Ms"] = (sample => sample.GapP50Ms, false),
        ["gapP95Ms"] = (sample => sample.GapP95Ms, true),
        ["temperatureC"] = (sample => sample.TemperatureC, true),
        ["powerW"] = (sample => sample.PowerW, false),
    };

    /// <summary>A device now, with its rates since an earlier look; a device that has started anew in between has none.</summary>
    public static DeviceSample Of(DeviceStatus now, DateTimeOffset at, DeviceStatus? before, DateTimeOffset beforeAt)
    {
        var seconds = (at - beforeAt).TotalSeconds;
        var isSame = before?.Work is not null && now.Work is not null && before.StartedAt == now.StartedAt && seconds > 0;
        double? Rate(Func<DeviceWork, long> count) => isSame ? Math.Max(0, count(now.Work!) - count(before!.Work!)) / seconds : null;
        var recent = now.Recent is { Replies: > 0 } some ? some : null;
        return new DeviceSample(
            at, Rate(work => work.TokensGenerated), Rate(work => work.TokensRead), now.Load.Running, now.Load.Waiting, now.Load.KvCellsUsed,
            recent?.FirstTokenP50Ms, recent?.FirstTokenP95Ms, recent?.GapP50Ms, recent?.GapP95Ms, now.Sensors?.TemperatureC, now.Sensors?.PowerW);
    }
}
