using HybridConversations.Cli.Settings;
using HybridConversations.Observability;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace HybridConversations.Cli.Observability;

/// <summary>Sends what the house measures to whoever the settings name: OpenTelemetry's own exporters.</summary>
internal static class Exporters
{
    private const string Service = "hybrid-conversations";

    /// <summary>The framework's own meters: requests and connections of the server, calls of the cloud, the garbage collector.</summary>
    private static readonly string[] FrameworkMeters = ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http", "System.Runtime"];

    /// <param name="logging">Of the server; its services get the rest.</param>
    /// <param name="settings">Who is told.</param>
    /// <param name="instance">Which process of the fleet this is.</param>
    public static void Add(ILoggingBuilder logging, ObservabilitySettings settings, string instance)
    {
        if (settings is { Otlp: null, Metrics: false })
        {
            return;
        }

        var telemetry = logging.Services.AddOpenTelemetry().ConfigureResource(Describe).WithMetrics(metrics =>
        {
            metrics.AddMeter([.. Meters.All, .. FrameworkMeters]);
            if (settings.Metrics)
            {
                metrics.AddPrometheusExporter();
            }

            if (settings.Otlp is not null)
            {
                metrics.AddOtlpExporter(options => Aim(options, "metrics"));
            }
        });
        if (settings.Otlp is null)
        {
            return;
        }

        telemetry.WithTracing(traces => traces
            .AddSource(Meters.House, "System.Net.Http")
            .AddAspNetCoreInstrumentation(options => options.Filter = context => !IsWatching(context.Request.Path))
            .AddOtlpExporter(options => Aim(options, "traces")));
        logging.AddOpenTelemetry(logs =>
        {
            var resource = ResourceBuilder.CreateDefault();
            Describe(resource);
            logs.SetResourceBuilder(resource);
            logs.IncludeFormattedMessage = true;
            logs.AddOtlpExporter(options => Aim(options, "logs"));
        });

        void Describe(ResourceBuilder resource) => resource.AddService(Service, serviceVersion: typeof(Exporters).Assembly.GetName().Version?.ToString(3), serviceInstanceId: instance);

        void Aim(OtlpExporterOptions options, string signal)
        {
            options.Endpoint = settings.Address(signal);
            options.Protocol = settings.OverGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
            if (settings.Headers is { } headers)
            {
                options.Headers = headers;
            }
        }
    }

    /// <summary>Who looks whether all is well makes no trace.</summary>
    private static bool IsWatching(PathString path) =>
        Array.Exists(["/health", MetricsEndpoint.Path, "/fleet/events"], watched => path.StartsWithSegments(watched, StringComparison.OrdinalIgnoreCase));
}
