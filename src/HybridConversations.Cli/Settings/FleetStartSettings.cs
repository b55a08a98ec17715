using System.Globalization;

namespace HybridConversations.Cli.Settings;

/// <summary>How a fleet of processes on this machine is set up. Immutable; checked as a whole before anything starts.</summary>
internal sealed record FleetStartSettings
{
    private const string Folder = "fleet";

    /// <summary>How many devices.</summary>
    public required int Devices { get; init; }

    /// <summary>Where its Redis, its devices' KV snapshots and its own notes are.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The Redis that was given; null for one of the fleet's own.</summary>
    public string? Redis { get; init; }

    /// <summary>Where the gateway listens, as it was given.</summary>
    public required string Urls { get; init; }

    /// <summary>What running turns get to end.</summary>
    public required TimeSpan DrainTimeout { get; init; }

    /// <summary>Options that every process is given.</summary>
    public required IReadOnlyList<string> ForAll { get; init; }

    /// <summary>Options that only a device is given.</summary>
    public required IReadOnlyList<string> ForDevices { get; init; }

    /// <param name="commandLine">What was given.</param>
    /// <param name="devices">How many devices.</param>
    /// <exception cref="SettingsException">Anything was wrong; says all of it.</exception>
    public static FleetStartSettings Read(IReadOnlyDictionary<Setting, string> commandLine, int devices)
    {
        var sources = SettingsSources.OfProcess(commandLine);
        var reader = new SettingsReader(sources);
        var folder = Path.Combine(DataFolders.Read(reader), Folder);

        // What is wrong with a device's settings is wrong here, once, and before a process is there to say so.
        var device = SiloProcessSettings.Read(SettingsSources.OfProcess(new Dictionary<Setting, string>(commandLine)
        {
            [FleetSettings.Device] = DeviceId(0),
            [FleetSettings.NoDevice] = "off",
            [FleetSettings.Address] = "127.0.0.1",
        }));
        var settings = new FleetStartSettings
        {
            Devices = devices,
            DataFolder = folder,
            Redis = reader.Text(FleetSettings.Redis),
            Urls = reader.Text(KnownSettings.Urls) ?? ListenUrls.Default,
            DrainTimeout = device.Join.Fleet.DrainTimeout,
            ForAll =
            [
                .. Given(commandLine, [.. FleetSettings.Starting, .. KnownSettings.Serving, .. KnownSettings.Cloud, KnownSettings.Log], KnownSettings.Urls, FleetSettings.Redis),
                .. Default(sources, KnownSettings.Log, "warning"),
            ],
            ForDevices =
            [
                .. Given(commandLine, KnownSettings.Engine, [KnownSettings.Data, KnownSettings.Log, .. KnownSettings.Cloud]),

                // They share the processor.
                .. Default(sources, KnownSettings.Threads, Math.Max(1, Environment.ProcessorCount / devices).ToString(CultureInfo.InvariantCulture)),
            ],
        };
        reader.ThrowIfWrong();
        return settings;
    }

    /// <summary>Id of the device with this number, from 0 on.</summary>
    public static string DeviceId(int number) => string.Create(CultureInfo.InvariantCulture, $"jetson-{number + 1}");

    private static IEnumerable<string> Given(IReadOnlyDictionary<Setting, string> commandLine, IEnumerable<Setting> settings, params Setting[] but) =>
        settings.Except(but).Where(commandLine.ContainsKey).SelectMany(setting => (string[])[setting.Option, commandLine[setting]]);

    private static string[] Default(SettingsSources sources, Setting setting, string value) => sources.Find(setting) is null ? [setting.Option, value] : [];
}
