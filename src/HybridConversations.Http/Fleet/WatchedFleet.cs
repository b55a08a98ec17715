using System.Text.Json;
using System.Text.Json.Serialization;

namespace HybridConversations.Http.Fleet;

/// <summary>The fleet at a moment, with the devices that were there lately.</summary>
/// <param name="At">When.</param>
/// <param name="Version">Counts the looks.</param>
/// <param name="Problem">Why the fleet could not be looked at; null where it could.</param>
/// <param name="Newest">Changes whenever a turn begins or ends; null where it is not known.</param>
/// <param name="Devices">By device id.</param>
/// <param name="Escalations">Cloud endpoints.</param>
internal sealed record WatchedFleet(
    DateTimeOffset At, long Version, string? Problem, string? Newest, IReadOnlyList<WatchedDevice> Devices, IReadOnlyList<EscalationStatus> Escalations);

/// <param name="DeviceId">Its id.</param>
/// <param name="Condition">See <see cref="DeviceCondition"/>.</param>
/// <param name="Why">A sentence for a person.</param>
/// <param name="Since">Since when it has been so, as far as this process saw.</param>
/// <param name="SeenAt">When it was last heard of.</param>
/// <param name="TokensPerSecond">Generated, of late.</param>
/// <param name="ReadPerSecond">Prompt tokens read, of late.</param>
/// <param name="Status">As it reports.</param>
internal sealed record WatchedDevice(
    string DeviceId, string Condition, string? Why, DateTimeOffset Since, DateTimeOffset SeenAt, double? TokensPerSecond, double? ReadPerSecond, DeviceStatus Status);

/// <param name="DeviceId">Its id.</param>
/// <param name="At">Unix seconds of each point.</param>
/// <param name="Series">By name: a value for each point, null where there is none.</param>
internal sealed record DeviceSeries(string DeviceId, IReadOnlyList<long> At, IReadOnlyDictionary<string, IReadOnlyList<double?>> Series);

/// <summary>The answer of <c>GET /fleet/history</c>.</summary>
/// <param name="Devices">By device id.</param>
internal sealed record FleetHistory(IReadOnlyList<DeviceSeries> Devices);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(StateConverter)])]
[JsonSerializable(typeof(WatchedFleet))]
[JsonSerializable(typeof(FleetHistory))]
internal sealed partial class FleetJson : JsonSerializerContext
{
    internal sealed class StateConverter() : JsonStringEnumConverter<DeviceState>(JsonNamingPolicy.CamelCase);
}
