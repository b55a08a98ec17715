using System.Text.Json.Serialization;

namespace HybridConversations.Bench.Statistics;

/// <summary>Which way a figure improves.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Better>))]
public enum Better
{
    [JsonStringEnumMemberName("lower")]
    Lower,

    [JsonStringEnumMemberName("higher")]
    Higher,

    /// <summary>Says what was done, not how well.</summary>
    [JsonStringEnumMemberName("neither")]
    Neither,
}

/// <summary>One number that one run of a scenario gave.</summary>
/// <param name="Name">The same in every run and on both servers, e.g. <c>voice first token p95</c>.</param>
/// <param name="Unit">E.g. <c>ms</c>, <c>tokens/s</c>; empty for a plain ratio or count.</param>
/// <param name="Better">Which way it improves.</param>
/// <param name="Value">Null when the run gave none.</param>
/// <param name="Samples">Measurements it rests on.</param>
/// <param name="Enough">False when these are too few for a percentile of this height, or the replies too short for the figure.</param>
public sealed record Figure(string Name, string Unit, Better Better, double? Value, int Samples, bool Enough = true);
