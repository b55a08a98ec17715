using System.Net;
using HybridConversations.Conversations;
using HybridConversations.Http;
using HybridConversations.Inference.Backends;

namespace HybridConversations.Cli.Settings;

/// <summary>How one process of the fleet is set up. Immutable; checked as a whole before anything starts.</summary>
internal sealed record SiloProcessSettings
{
    public required JoinSettings Join { get; init; }

    /// <summary>What <c>hc serve</c> has, too: engine, HTTP, log. Its data folder holds KV snapshots only.</summary>
    public required ServerSettings Server { get; init; }

    /// <summary>Its device; null for a gateway.</summary>
    public string? Device { get; init; }

    /// <summary>The address under which other silos reach this one.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>Ports for silos and for clients; null: the first that are free from 11111 and 30000 on.</summary>
    public int? SiloPort { get; init; }
    public int? GatewayPort { get; init; }

    public bool Dashboard { get; init; }

    /// <summary>Stop when standard input ends.</summary>
    public bool StopsWithInput { get; init; }

    /// <summary>Do not start over a Redis that may lose conversations; else only say so.</summary>
    public bool RequiresDurability { get; init; }

    /// <exception cref="SettingsException">Anything was wrong; says all of it.</exception>
    public static SiloProcessSettings Read(SettingsSources sources)
    {
        var reader = new SettingsReader(sources);
        var noDevice = reader.Switch(FleetSettings.NoDevice) ?? false;
        var device = reader.Text(FleetSettings.Device);
        if (noDevice == device is not null)
        {
            reader.Wrong(FleetSettings.Device, noDevice
                ? $"a gateway ({FleetSettings.NoDevice.Option}) has no device; leave one of the two out."
                : $"a silo needs the id of its device, or {FleetSettings.NoDevice.Option} for a gateway without a model.");
        }

        reader.Check(FleetSettings.Device, id => Conversation.CheckId(id)?.Detail.Replace("The conversation id", "The device id", StringComparison.Ordinal));
        var join = JoinSettings.Read(reader);
        var server = noDevice ? Gateway(reader) : ServerSettings.Read(reader);
        if (!noDevice && device is not null && server.Engine.Tiers.SnapshotFolder is { } folder)
        {
            // Devices on one machine must not share their snapshots' folder.
            server = server with { Engine = server.Engine with { Tiers = server.Engine.Tiers with { SnapshotFolder = Path.Combine(folder, Uri.EscapeDataString(device)) } } };
        }

        var settings = new SiloProcessSettings
        {
            Join = join,
            Server = server with { Http = server.Http with { ShutdownGrace = join.Fleet.DrainTimeout } },
            Device = device,
            Address = ReadAddress(reader, join),
            SiloPort = reader.Whole(FleetSettings.SiloPort, 1, 65_535),
            GatewayPort = reader.Whole(FleetSettings.GatewayPort, 1, 65_535),
            RequiresDurability = reader.Choice(FleetSettings.RedisDurability, ("warn", false), ("required", true)) ?? false,
            StopsWithInput = reader.Switch(FleetSettings.StopWithInput) ?? false,
            Dashboard = reader.Switch(FleetSettings.Dashboard) ?? server.Urls.All(KeySettings.IsLoopback),
        };
        reader.ThrowIfWrong();
        return settings;
    }

    private static ServerSettings Gateway(SettingsReader reader)
    {
        var http = new HttpLimits();
        var urls = ListenUrls.Read(reader);
        return new ServerSettings
        {
            Backend = new BackendOptions { ModelPath = "" },
            DataFolder = "",
            Cloud = CloudSection.Read(reader),
            Routing = RoutingSection.Read(reader),
            Urls = urls,
            Keys = KeySettings.Read(reader, urls, ""),
            Doors = DoorSettings.Read(reader, urls),
            Http = http with { OpenTurns = reader.Whole(KnownSettings.OpenTurns, 1, 100_000) ?? 10_000 },
            Observability = ObservabilitySettings.Read(reader),
            Log = ServerSettings.ReadLog(reader),
        };
    }

    /// <summary>The given address, else the one that leads to Redis: that is the fleet's network.</summary>
    private static IPAddress ReadAddress(SettingsReader reader, JoinSettings join)
    {
        if (reader.Text(FleetSettings.Address) is { } given)
        {
            if (IPAddress.TryParse(given, out var address))
            {
                return address;
            }

            try
            {
                return Dns.GetHostAddresses(given).First(a => a.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork);
            }
            catch (Exception error) when (error is System.Net.Sockets.SocketException or InvalidOperationException or ArgumentException)
            {
                reader.Wrong(FleetSettings.Address, $"'{given}' is neither an IP address nor a name that has one.");
                return IPAddress.Loopback;
            }
        }

        return LocalAddress.Towards(join.Redis.Endpoints.Split(',')[0]) ?? IPAddress.Loopback;
    }
}
