namespace HybridConversations.Cli.Settings;

/// <summary>The settings that only a process of a fleet has (<c>hc join</c>).</summary>
internal static class FleetSettings
{
    public static Setting Device { get; } = new("device", "ID", "Id of the device in the fleet.", "1 to 128 printable characters without '/'");
    public static Setting NoDevice { get; } = new("no-device", "on|off", "Be a gateway: no model, no device.", "on or off; default: off") { IsSwitch = true };
    public static Setting Redis { get; } = new("redis", "HOST:PORT", "Where the fleet's Redis is.", "HOST:PORT, several separated by ','; default: 127.0.0.1:6379");
    public static Setting RedisUser { get; } = new("redis-user", "NAME", "User of Redis.", "a name; default: none");
    public static Setting RedisPassword { get; } = new("redis-password", "SECRET", "Password of Redis; better in HC_REDIS_PASSWORD or a file.", "a text");
    public static Setting RedisPasswordFile { get; } = new("redis-password-file", "FILE", "File that holds the password of Redis.", "a file");
    public static Setting RedisTls { get; } = new("redis-tls", "on|off", "Connect to Redis with TLS.", "on or off; default: off") { IsSwitch = true };
    public static Setting RedisCa { get; } = new("redis-ca", "FILE", "Authority that signed Redis's certificate.", "a PEM file; default: those the system trusts");
    public static Setting RedisTimeoutMs { get; } = new("redis-timeout-ms", "N", "How long Redis may take for an operation, until the turn that needs it fails.", "100 to 300000; default: 5000");
    public static Setting RedisDurability { get; } = new("redis-durability", "MODE", "What to do when Redis is set up so that it may lose conversations: warn, or not start.", "warn or required; default: warn");
    public static Setting Cluster { get; } = new("cluster", "NAME", "Name of the fleet; processes of one fleet say the same.", "1 to 64 letters, digits, '-', '_' or '.'; default: hybrid-conversations");
    public static Setting TlsCertificate { get; } = new("tls-cert", "FILE", "Certificate of this process, for TLS between silos.", "a PEM file");
    public static Setting TlsKey { get; } = new("tls-key", "FILE", "Private key of the certificate.", "a PEM file");
    public static Setting TlsCa { get; } = new("tls-ca", "FILE", "Authority that signs the certificates of the fleet; who has none is not let in.", "a PEM file");
    public static Setting JoinToken { get; } = new("join-token", "SECRET", "Secret that lets a process into the fleet; better in HC_JOIN_TOKEN or a file.", "at least 16 characters");
    public static Setting JoinTokenFile { get; } = new("join-token-file", "FILE", "File that holds the join token.", "a file");
    public static Setting Address { get; } = new("address", "IP", "Address under which other silos reach this one.", "an IP address or a name; default: the one that leads to Redis");
    public static Setting SiloPort { get; } = new("silo-port", "PORT", "Port for other silos.", "1 to 65535; default: the first free one from 11111 on");
    public static Setting GatewayPort { get; } = new("gateway-port", "PORT", "Port for Orleans clients.", "1 to 65535; default: the first free one from 30000 on");
    public static Setting Dashboard { get; } = new("dashboard", "on|off", "Orleans' dashboard at /orleans; it asks nobody for a password.", "on or off; default: on where only this machine can reach it") { IsSwitch = true };
    public static Setting DrainSeconds { get; } = new("drain-seconds", "N", "What running turns get to end when the device is drained or stopped.", "0 to 600; default: 25");
    public static Setting ProbeMs { get; } = new("probe-ms", "N", "Time between two probes of a silo; three missed ones, and it counts as dead.", "100 to 60000; default: 2000");
    public static Setting ReportMs { get; } = new("report-ms", "N", "Time between two reports of a device's load.", "50 to 60000; default: 1000");

    public static Setting StopWithInput { get; } = new("stop-with-input", "on|off", "Stop in order when standard input ends, so that no process outlives the one that started it.", "on or off; default: off") { IsSwitch = true };

    /// <summary>What every process needs to get in.</summary>
    public static IReadOnlyList<Setting> Joining { get; } =
        [Redis, RedisUser, RedisPassword, RedisPasswordFile, RedisTls, RedisCa, RedisTimeoutMs, Cluster, TlsCertificate, TlsKey, TlsCa, JoinToken, JoinTokenFile];

    /// <summary>What the processes of a fleet have in common.</summary>
    public static IReadOnlyList<Setting> Starting { get; } = [.. Joining, RedisDurability, Dashboard, DrainSeconds, ProbeMs, ReportMs];

    public static IReadOnlyList<Setting> All { get; } =
        [Device, NoDevice, .. Starting, Address, SiloPort, GatewayPort, StopWithInput];
}
