namespace HybridConversations.Orleans.Fleet;

/// <summary>Settings of a silo and of its place in the fleet. Immutable; <see cref="Validate"/> names every error at once.</summary>
public sealed record FleetOptions
{
    /// <summary>Name of the grain storage that holds conversations.</summary>
    public const string StorageName = "conversations";

    /// <summary>Silos and clients of one cluster say the same.</summary>
    public string ClusterId { get; init; } = "hybrid-conversations";

    /// <summary>What is stored is stored under this; it outlives clusters.</summary>
    public string ServiceId { get; init; } = "hybrid-conversations";

    /// <summary>How often silos tell the fleet how they are, 50 ms to 1 min.</summary>
    public TimeSpan ReportPeriod { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A silo that has been silent for this long counts as lost, at least 3 report periods.</summary>
    public TimeSpan LostAfter { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>A device on which a turn would wait longer than this is saturated: its conversations may go elsewhere. 0 to 1 min.</summary>
    public TimeSpan SaturatedAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time between two probes of a silo by its neighbours, 100 ms to 1 min.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Probes a silo may miss until it is declared dead, 1 to 100.</summary>
    public int MissedProbes { get; init; } = 3;

    /// <summary>How long a call between silos may take, 1 s to 10 min: also how long a call to a silo that has just died may hang, and half of how long a client that vanished is waited for.</summary>
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>An idle conversation leaves memory after this, 1 min to 7 days. Nothing is lost; its next turn reads it again.</summary>
    public TimeSpan IdleInMemory { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>A conversation that nobody has used for this long is forgotten, history and all; from 1 min. Null: never.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>How often conversations to forget are looked for, 1 min to 7 days.</summary>
    public TimeSpan RetentionPeriod { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long running turns get to end when a device is drained, 0 to 10 min.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(25);

    /// <exception cref="ProblemException"><c>invalid-request</c> with every error in one message.</exception>
    public void Validate()
    {
        var errors = new List<string>();
        Id("ClusterId", ClusterId);
        Id("ServiceId", ServiceId);
        Range("ReportPeriod", ReportPeriod, TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(1));
        Check(LostAfter >= 3 * ReportPeriod, $"LostAfter is {LostAfter}; it must be at least 3 report periods ({3 * ReportPeriod}).");
        Range("SaturatedAfter", SaturatedAfter, TimeSpan.Zero, TimeSpan.FromMinutes(1));
        Range("ProbeTimeout", ProbeTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        Check(MissedProbes is >= 1 and <= 100, $"MissedProbes is {MissedProbes}; it must be from 1 to 100.");
        Range("ResponseTimeout", ResponseTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        Range("IdleInMemory", IdleInMemory, TimeSpan.FromMinutes(1), TimeSpan.FromDays(7));
        Check(Retention is null || Retention >= TimeSpan.FromMinutes(1), $"Retention is {Retention}; it must be at least 1 minute, or null to keep everything.");
        Range("RetentionPeriod", RetentionPeriod, TimeSpan.FromMinutes(1), TimeSpan.FromDays(7));
        Range("DrainTimeout", DrainTimeout, TimeSpan.Zero, TimeSpan.FromMinutes(10));
        if (errors.Count > 0)
        {
            throw new ProblemException(ProblemCodes.InvalidRequest("The settings of the fleet are not valid. " + string.Join(' ', errors)));
        }

        void Id(string name, string value) => Check(
            value.Length is >= 1 and <= 64 && value.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'),
            $"{name} is '{value}'; it must have 1 to 64 letters, digits, '-', '_' or '.'.");

        void Range(string name, TimeSpan value, TimeSpan min, TimeSpan max) => Check(value >= min && value <= max, $"{name} is {value}; it must be from {min} to {max}.");

        void Check(bool holds, string error)
        {
            if (!holds)
            {
                errors.Add(error);
            }
        }
    }
}
