using HybridConversations.Escalations.Ledger;
using HybridConversations.Escalations.Settings;

namespace HybridConversations.Escalations;

/// <summary>
/// What is known of an endpoint's budgets without asking the ledger: the balances of the last bookings, and the tenants whose budget has no room for a
/// reply. A tenant of whom nothing is known is not held up; the ledger has the last word. Thread-safe; bounded.
/// </summary>
internal sealed class SpendingOutlook(CloudOptions options)
{
    private const int MaxTenants = 1_000;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Refused> _refused = new(StringComparer.Ordinal);

    /// <summary>A budget with less left than the longest reply alone costs is as good as spent: a router need not try.</summary>
    private readonly decimal _reply = options.Prices.Of(1, 0, options.MaxOutputTokens);
    private Refused? _total;
    private Spending _all;
    private DateOnly _day;

    /// <summary>A booking told the balance of a day.</summary>
    public void Learn(string tenant, Balance balance, DateOnly day)
    {
        lock (_lock)
        {
            // A try that ended after midnight tells of the day before.
            if (day < _day)
            {
                return;
            }

            (_day, _all) = (day, balance.All);
            _total = Refusal(tenant, balance with { Tenant = default }, day);
            if (Refusal(tenant, balance with { All = default }, day) is not { } refused)
            {
                _refused.Remove(tenant);
            }
            else if (_refused.ContainsKey(tenant) || _refused.Count < MaxTenants || Shrink(day))
            {
                _refused[tenant] = refused;
            }
        }
    }

    /// <summary>Adds what is known.</summary>
    public EscalationOutlook AddTo(EscalationOutlook outlook, DateOnly today)
    {
        lock (_lock)
        {
            var month = today.Year == _day.Year && today.Month == _day.Month;
            return outlook with
            {
                Unavailable = outlook.Unavailable ?? (_total is { } total && total.HoldsOn(today) ? total.Reason : null),
                SpentToday = today == _day ? _all.Today : 0,
                SpentThisMonth = month ? _all.ThisMonth : 0,
                Spent = _refused.Count == 0 ? outlook.Spent
                    : _refused.Where(pair => pair.Value.HoldsOn(today)).ToDictionary(pair => pair.Key, pair => pair.Value.Reason, StringComparer.Ordinal),
            };
        }
    }

    /// <summary>Why a tenant with this balance cannot afford a reply; null when it can.</summary>
    public string? Unaffordable(string tenant, Balance balance) => Refusal(tenant, balance, default)?.Reason;

    private Refused? Refusal(string tenant, Balance balance, DateOnly day) =>
        _reply == 0 || BudgetRefusal.Of(options.Budgets.For(tenant), balance, _reply) is not { } refusal ? null : new Refused(
            $"The {(refusal.AllTenants ? "endpoint" : "tenant")}'s budget of the {(refusal.Monthly ? "month" : "day")} is spent.", day, refusal.Monthly);

    /// <returns>True when there is room.</returns>
    private bool Shrink(DateOnly today)
    {
        foreach (var (tenant, refused) in _refused)
        {
            if (!refused.HoldsOn(today))
            {
                _refused.Remove(tenant);
            }
        }

        return _refused.Count < MaxTenants;
    }

    private readonly record struct Refused(string Reason, DateOnly Day, bool Monthly)
    {
        public bool HoldsOn(DateOnly today) => today == Day || (Monthly && today.Year == Day.Year && today.Month == Day.Month);
    }
}
