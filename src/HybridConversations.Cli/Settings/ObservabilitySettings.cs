using System.Globalization;

namespace HybridConversations.Cli.Settings;

/// <summary>What a server tells of itself, and to whom (docs/observability.md). OpenTelemetry's own variables count where a setting says nothing.</summary>
internal sealed record ObservabilitySettings
{
    private const string StandardEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string StandardProtocol = "OTEL_EXPORTER_OTLP_PROTOCOL";
    private const string StandardHeaders = "OTEL_EXPORTER_OTLP_HEADERS";

    private static readonly Setting OtlpSetting = new("otlp", "URL", "Send traces, metrics and logs by OTLP to a collector there.", $"http(s)://HOST:PORT, as {StandardEndpoint}; default: nobody");
    private static readonly Setting ContentSetting = new("otlp-content", "on|off", "Let spans carry what was said and answered, but for private turns.", "on or off; default: off") { IsSwitch = true };
    private static readonly Setting MetricsSetting = new("metrics", "on|off", "Show metrics to Prometheus at /metrics.", "on or off; default: on") { IsSwitch = true };
    private static readonly Setting FirstTokenSetting = new("first-token-target-ms", "N", "Within how long the first token of a reply should come; what is counted as in time.", "1 to 600000; default: 1000");

    public static IReadOnlyList<Setting> All { get; } = [OtlpSetting, ContentSetting, MetricsSetting, FirstTokenSetting];

    /// <summary>The collector; null for none.</summary>
    public Uri? Otlp { get; init; }

    /// <summary>Does it speak gRPC? Else protocol buffers over HTTP.</summary>
    public bool OverGrpc { get; init; }

    /// <summary>What the collector wants to see beside, such as its key, as the variable has it.</summary>
    public string? Headers { get; init; }

    public bool Content { get; init; }
    public bool Metrics { get; init; } = true;
    public int FirstTokenTargetMs { get; init; } = 1000;

    public static ObservabilitySettings Read(SettingsReader reader)
    {
        var given = reader.Read(OtlpSetting, AddressOf);
        return new ObservabilitySettings
        {
            Otlp = given ?? (Environment.GetEnvironmentVariable(StandardEndpoint) is { Length: > 0 } standard ? AddressOf(standard) : null),
            OverGrpc = Environment.GetEnvironmentVariable(StandardProtocol) is "grpc",
            Headers = Environment.GetEnvironmentVariable(StandardHeaders),
            Content = reader.Switch(ContentSetting) ?? false,
            Metrics = reader.Switch(MetricsSetting) ?? true,
            FirstTokenTargetMs = reader.Whole(FirstTokenSetting, 1, 600_000) ?? new ObservabilitySettings().FirstTokenTargetMs,
        };
    }

    /// <summary>Where a signal goes.</summary>
    /// <param name="signal"><c>traces</c>, <c>metrics</c> or <c>logs</c>.</param>
    public Uri Address(string signal) => OverGrpc ? Otlp! : new Uri(string.Create(CultureInfo.InvariantCulture, $"{Otlp!.AbsoluteUri.TrimEnd('/')}/v1/{signal}"));

    private static Uri? AddressOf(string text) => Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri : null;
}
