using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace HybridConversations.Routing;

/// <summary>
/// When a turn goes to the cloud. The defaults suit a Jetson with a 3B model; docs/results/routing.md has the measured table behind the numbers.
/// </summary>
public sealed record RouterOptions
{
    /// <summary>
    /// A turn goes to the cloud from this probability on, above 0 and below 1. Lower sends more: see <see cref="RouterCalibration"/> for the share of
    /// traffic and the recall that each value stands for. Null: chosen by <see cref="CloudShare"/>, or <see cref="DefaultThreshold"/>.
    /// </summary>
    public double? Threshold { get; init; }

    /// <summary>
    /// The share of all traffic that may go to the cloud by the classifier's word, above 0 and up to 1; the threshold that keeps to it is read from
    /// <see cref="RouterCalibration"/>. Only one of this and <see cref="Threshold"/> may be set.
    /// </summary>
    public double? CloudShare { get; init; }

    /// <summary>How much of the traffic is hard, 0 to 1, for <see cref="CloudShare"/>.</summary>
    public double HardShare { get; init; } = 0.1;

    /// <summary>While the device is saturated a turn goes to the cloud from this probability on; at most the threshold. Null: half of the threshold.</summary>
    public double? BusyThreshold { get; init; }

    /// <summary>The device counts as saturated when this share of its queue is taken, above 0 and up to 1.</summary>
    public double BusyQueueShare { get; init; } = 0.5;

    /// <summary>A turn stays where the answer before it came from when it is a follow-up with at least this probability, above 0 and up to 1; 1 turns that off.</summary>
    public double FollowUpThreshold { get; init; } = 0.5;

    /// <summary>Milliseconds that a whole answer from the cloud takes, where <see cref="RouteRequest.CloudReplyMs"/> does not say; turns with a shorter deadline stay local.</summary>
    public int CloudReplyMs { get; init; } = 4000;

    /// <summary>Do spoken wishes such as "think hard" and "ask the cloud" count? Wishes for privacy always do.</summary>
    public bool HeedWords { get; init; } = true;

    /// <summary>The threshold where none is given.</summary>
    public const double DefaultThreshold = 0.25;

    /// <summary>The threshold that these options come to.</summary>
    [JsonIgnore]
    public double EffectiveThreshold => Threshold ?? (CloudShare is { } share ? RouterCalibration.Default.ThresholdFor(share, HardShare) : DefaultThreshold);

    internal double EffectiveBusyThreshold => BusyThreshold ?? EffectiveThreshold / 2;

    /// <summary>Every error in these options, each saying the key, the value and what is allowed; empty when they are valid.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        Check(Threshold is null or (> 0 and < 1), nameof(Threshold), Threshold, "a number above 0 and below 1, or null");
        Check(CloudShare is null or (> 0 and <= 1), nameof(CloudShare), CloudShare, "a number above 0 and up to 1, or null");
        Check(Threshold is null || CloudShare is null, nameof(CloudShare), CloudShare, "nothing when threshold is set too: give one of the two");
        Check(HardShare is >= 0 and <= 1, nameof(HardShare), HardShare, "a number from 0 to 1");
        Check(
            BusyThreshold is null || (BusyThreshold > 0 && (errors.Count > 0 || BusyThreshold <= EffectiveThreshold)),
            nameof(BusyThreshold),
            BusyThreshold,
            "a number above 0 and at most the threshold, or null");
        Check(BusyQueueShare is > 0 and <= 1, nameof(BusyQueueShare), BusyQueueShare, "a number above 0 and up to 1");
        Check(FollowUpThreshold is > 0 and <= 1, nameof(FollowUpThreshold), FollowUpThreshold, "a number above 0 and up to 1");
        Check(CloudReplyMs is > 0 and <= 600_000, nameof(CloudReplyMs), CloudReplyMs, "milliseconds from 1 to 600000");
        return errors;

        void Check(bool valid, string key, object? value, string allowed)
        {
            if (!valid)
            {
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"\"routing\": {JsonNamingPolicy.KebabCaseLower.ConvertName(key)} is {value}; allowed is {allowed}."));
            }
        }
    }
}
