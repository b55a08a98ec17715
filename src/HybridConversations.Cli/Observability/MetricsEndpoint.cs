using HybridConversations.Cli.Settings;
using HybridConversations.Http.Keys;
using HybridConversations.Http.Problems;

namespace HybridConversations.Cli.Observability;

/// <summary><c>/metrics</c> for Prometheus. Where there are keys it wants one, and one that sees all tenants: what each has spent is among the metrics.</summary>
internal static class MetricsEndpoint
{
    public const string Path = "/metrics";

    public static void Map(WebApplication app, ObservabilitySettings settings)
    {
        if (settings.Metrics)
        {
            app.MapPrometheusScrapingEndpoint(Path).Add(endpoint =>
            {
                var scrape = endpoint.RequestDelegate!;
                endpoint.RequestDelegate = context => Caller.Of(context).Tenant is { } tenant ? ProblemAnswer.Write(context, KeyProblems.AllTenants(tenant)) : scrape(context);
            });
        }
    }
}
