namespace HybridConversations.Orleans.Contracts;

/// <summary>What a silo says of itself.</summary>
[GenerateSerializer]
[Immutable]
[Alias("hc.silo-report")]
public sealed record SiloReport
{
    /// <summary>Where it is.</summary>
    [Id(0)]
    public required SiloAddress Silo { get; init; }

    /// <summary>Its name: the device's id, or the gateway's.</summary>
    [Id(1)]
    public required string Name { get; init; }

    /// <summary>Counts this silo's reports, so that whoever hears one twice knows that it is no news.</summary>
    [Id(2)]
    public required long Number { get; init; }

    /// <summary>Its device; null for a gateway.</summary>
    [Id(3)]
    public DeviceStatus? Device { get; init; }

    /// <summary>Names of the cloud endpoints it can reach.</summary>
    [Id(4)]
    public IReadOnlyList<string> Endpoints { get; init; } = [];

    /// <summary>How they are doing.</summary>
    [Id(5)]
    public IReadOnlyList<EndpointReport> Escalations { get; init; } = [];

    /// <summary>It leaves: nothing new is for it.</summary>
    [Id(6)]
    public bool Draining { get; init; }

    /// <summary>Names of silos that it wants to hear of, beside a sample of all: devices that it reads from or that hold its conversations.</summary>
    [Id(7)]
    public IReadOnlyList<string> Wanted { get; init; } = [];

    /// <summary>Milliseconds since it was said, as told by whoever passes it on.</summary>
    [Id(8)]
    public double AgeMs { get; init; }
}

/// <summary>Latest reports: of everyone in a small fleet, else of a sample and of whom the asker wanted to hear.</summary>
[GenerateSerializer]
[Immutable]
[Alias("hc.fleet-snapshot")]
public sealed record FleetSnapshot([property: Id(0)] IReadOnlyList<SiloReport> Silos);
