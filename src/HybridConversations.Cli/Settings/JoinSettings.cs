using HybridConversations.Orleans.Fleet;
using HybridConversations.Orleans.Hosting;
using HybridConversations.Orleans.Security;

namespace HybridConversations.Cli.Settings;

/// <summary>How a process gets into the fleet.</summary>
internal sealed record JoinSettings
{
    public required FleetOptions Fleet { get; init; }
    public required RedisOptions Redis { get; init; }

    /// <summary>Null: whoever reaches the ports may join.</summary>
    public ConnectionSecurity? Security { get; init; }

    public static JoinSettings Read(SettingsReader reader)
    {
        var defaults = new FleetOptions();
        var cluster = reader.Text(FleetSettings.Cluster) ?? defaults.ClusterId;
        var probe = Milliseconds(reader, FleetSettings.ProbeMs, 100, 60_000) ?? defaults.ProbeTimeout;
        var report = Milliseconds(reader, FleetSettings.ReportMs, 50, 60_000) ?? defaults.ReportPeriod;
        var redis = new RedisOptions
        {
            Endpoints = reader.Text(FleetSettings.Redis) ?? "127.0.0.1:6379",
            User = reader.Text(FleetSettings.RedisUser),
            Password = Secret(reader, FleetSettings.RedisPassword, FleetSettings.RedisPasswordFile),
            Tls = reader.Switch(FleetSettings.RedisTls) ?? false,
            CaFile = reader.Text(FleetSettings.RedisCa),
            Timeout = Milliseconds(reader, FleetSettings.RedisTimeoutMs, 100, 300_000) ?? TimeSpan.FromSeconds(5),
        };
        var security = new ConnectionSecurity
        {
            CertificateFile = reader.Text(FleetSettings.TlsCertificate),
            KeyFile = reader.Text(FleetSettings.TlsKey),
            CaFile = reader.Text(FleetSettings.TlsCa),
            JoinToken = Secret(reader, FleetSettings.JoinToken, FleetSettings.JoinTokenFile),
        };
        var fleet = defaults with
        {
            ClusterId = cluster,
            ServiceId = cluster,
            ProbeTimeout = probe,
            ReportPeriod = report,
            ResponseTimeout = TimeSpan.FromTicks(Math.Max(defaults.ResponseTimeout.Ticks, 2 * redis.Timeout.Ticks)),

            // Longer than a silo's death takes to be noticed, and its work to be taken over: whoever collects the reports may be the one that died.
            LostAfter = TimeSpan.FromTicks(Math.Max(defaults.LostAfter.Ticks, ((defaults.MissedProbes + 1) * probe.Ticks) + (3 * report.Ticks))),
            Retention = ServerSettings.ReadRetention(reader),
            DrainTimeout = reader.Whole(FleetSettings.DrainSeconds, 0, 600) is { } seconds ? TimeSpan.FromSeconds(seconds) : defaults.DrainTimeout,
        };
        Check(reader, FleetSettings.Redis, redis.Validate);
        Check(reader, FleetSettings.Cluster, fleet.Validate);
        var secured = security != new ConnectionSecurity();
        if (secured)
        {
            Check(reader, security.JoinToken is null ? FleetSettings.TlsCertificate : FleetSettings.JoinToken, security.Validate);
        }

        return new JoinSettings { Fleet = fleet, Redis = redis, Security = secured ? security : null };
    }

    private static TimeSpan? Milliseconds(SettingsReader reader, Setting setting, int min, int max) =>
        reader.Whole(setting, min, max) is { } value ? TimeSpan.FromMilliseconds(value) : null;

    /// <summary>A secret as it is, or in a file, where other users of the machine do not see it.</summary>
    private static string? Secret(SettingsReader reader, Setting value, Setting file)
    {
        reader.Check(file, path => File.Exists(path) ? null : $"{path} is not there.");
        return reader.Text(value) ?? (reader.Text(file) is { } path && File.Exists(path) ? File.ReadAllText(path).Trim() : null);
    }

    private static void Check(SettingsReader reader, Setting setting, Action validate)
    {
        try
        {
            validate();
        }
        catch (ProblemException error)
        {
            reader.Wrong(setting, error.Message);
        }
    }
}
