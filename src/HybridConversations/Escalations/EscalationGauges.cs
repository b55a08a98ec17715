using System.Diagnostics.Metrics;
using HybridConversations.Escalations.Settings;
using HybridConversations.Observability;

namespace HybridConversations.Escalations;

/// <summary>An endpoint of this process as gauges: whether it can be asked, and what is spent of its budgets. Disposing takes them away.</summary>
internal sealed class EscalationGauges : IDisposable
{
    private readonly Meter _meter = new(Meters.House);
    private readonly KeyValuePair<string, object?> _endpoint;

    public EscalationGauges(ILocalEscalation escalation, CloudOptions options)
    {
        _endpoint = new(GenAi.Endpoint, options.Name);
        _meter.CreateObservableUpDownCounter("hc.cloud.in_flight", () => new Measurement<int>(escalation.Outlook.InFlight, _endpoint), "{call}", "Calls of the cloud under way.");
        _meter.CreateObservableGauge("hc.cloud.available", () => new Measurement<int>(escalation.Outlook.Unavailable is null ? 1 : 0, _endpoint), "{flag}", "1 while the endpoint can be asked.");
        _meter.CreateObservableGauge(
            "hc.cloud.spent", () => new[] { Of(escalation.Outlook.SpentToday, "day"), Of(escalation.Outlook.SpentThisMonth, "month") }, "{money}", "Money that all tenants have spent, as far as this process knows.");
        _meter.CreateObservableGauge("hc.cloud.budget", () => Budgets(options.Budgets).ToArray(), "{money}", "Money that all tenants together may spend; nothing where there is no bound.");
    }

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<double>> Budgets(CloudBudgets budgets)
    {
        if (budgets.TotalDaily is { } day)
        {
            yield return Of(day, "day");
        }

        if (budgets.TotalMonthly is { } month)
        {
            yield return Of(month, "month");
        }
    }

    private Measurement<double> Of(decimal money, string period) => new((double)money, _endpoint, new("hc.period", period));
}
