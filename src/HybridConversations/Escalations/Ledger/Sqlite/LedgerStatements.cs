using HybridConversations.Escalations.Endpoints;
using HybridConversations.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace HybridConversations.Escalations.Ledger.Sqlite;

/// <summary>The writes of a ledger, within the transactions of its <see cref="SqliteWriter{TStatements}"/>.</summary>
internal sealed class LedgerStatements(SqliteConnection connection) : IDisposable
{
    private readonly SqliteStatement _insert = new(connection, """
        INSERT INTO tries (endpoint, tenant, at, day, state, outcome, input, cached, output, cost)
        VALUES ($endpoint, $tenant, $at, $day, 0, 'under way', $input, $cached, $output, $cost) RETURNING id
        """, "endpoint", "tenant", "at", "day", "input", "cached", "output", "cost");

    private readonly SqliteStatement _reserve = new(connection, """
        INSERT INTO totals (endpoint, tenant, day, reserved) VALUES ($endpoint, $tenant, $day, $cost)
        ON CONFLICT DO UPDATE SET reserved = reserved + excluded.reserved
        """, "endpoint", "tenant", "day", "cost");

    private readonly SqliteStatement _spent = LedgerSchema.Spent(connection);
    private readonly SqliteStatement _find = new(connection, "SELECT endpoint, tenant, day, cost FROM tries WHERE id = $id AND state = 0", "id");
    private readonly SqliteStatement _unsettled = new(connection, "SELECT id, input, output, cached, cost FROM tries WHERE state = 0");

    private readonly SqliteStatement _settle = new(connection,
        "UPDATE tries SET state = $state, outcome = $outcome, input = $input, cached = $cached, output = $output, cost = $cost WHERE id = $id",
        "id", "state", "outcome", "input", "cached", "output", "cost");

    private readonly SqliteStatement _book = new(connection, """
        UPDATE totals SET reserved = reserved - $reserved, tries = tries + $booked, unsure = unsure + $unsure, released = released + 1 - $booked,
            input = input + $input, cached = cached + $cached, output = output + $output, cost = cost + $cost
        WHERE endpoint = $endpoint AND tenant = $tenant AND day = $day
        """, "endpoint", "tenant", "day", "reserved", "booked", "unsure", "input", "cached", "output", "cost");

    private readonly SqliteStatement _prune = new(connection, "DELETE FROM tries WHERE day < $before AND state <> 0", "before");

    public ReservationResult Reserve(Reservation r)
    {
        var day = DateOnly.FromDateTime(r.At.UtcDateTime);
        var cost = LedgerMoney.From(r.Cost);
        var before = Balance(r.Endpoint, r.Tenant, day);
        if (BudgetRefusal.Of(r.Budget, before, LedgerMoney.ToMoney(cost)) is { } refusal)
        {
            return new ReservationResult(0, refusal, before);
        }

        _reserve.Bind(r.Endpoint, r.Tenant, day.DayNumber, cost).Execute();
        _reserve.Bind(r.Endpoint, LedgerSchema.AllTenants, day.DayNumber, cost).Execute();
        using var row = _insert.Bind(r.Endpoint, r.Tenant, r.At.ToUnixTimeMilliseconds(), day.DayNumber,
            r.Tokens.Input, r.Tokens.Cached, r.Tokens.Output, cost).Query();
        row.Read();
        return new ReservationResult(row.GetInt64(0), null, Balance(r.Endpoint, r.Tenant, day));
    }

    /// <summary>What has been spent then; null when there is no such reservation, or it is settled already.</summary>
    public Balance? Settle(long id, Settlement s)
    {
        string endpoint, tenant;
        long day, reserved;
        using (var row = _find.Bind(id).Query())
        {
            if (!row.Read())
            {
                return null;
            }

            (endpoint, tenant, day, reserved) = (row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3));
        }

        var booked = s.State != LedgerState.Released;
        var unsure = s.State is LedgerState.Estimated or LedgerState.Recovered;
        var (input, cached, output, cost) = booked ? (s.Tokens.Input, s.Tokens.Cached, s.Tokens.Output, LedgerMoney.From(s.Cost)) : (0, 0, 0, 0L);
        _settle.Bind(id, (int)s.State, s.Outcome, input, cached, output, cost).Execute();
        foreach (var who in (ReadOnlySpan<string>)[tenant, LedgerSchema.AllTenants])
        {
            _book.Bind(endpoint, who, day, reserved, booked ? 1 : 0, unsure ? 1 : 0, input, cached, output, cost).Execute();
        }

        return Balance(endpoint, tenant, DateOnly.FromDayNumber((int)day));
    }

    /// <summary>
    /// Settles what a dead process left behind. The endpoint may have served those tries, so their worst case stays booked: a budget is never
    /// larger for a crash. Returns how many there were.
    /// </summary>
    public int Recover()
    {
        var left = new List<(long Id, Settlement Settlement)>();
        using (var row = _unsettled.Query())
        {
            while (row.Read())
            {
                left.Add((row.GetInt64(0), new Settlement(LedgerState.Recovered, "unsettled",
                    new CloudUsage(row.GetInt32(1), row.GetInt32(2), row.GetInt32(3)), LedgerMoney.ToMoney(row.GetInt64(4)))));
            }
        }

        foreach (var (id, settlement) in left)
        {
            Settle(id, settlement);
        }

        return left.Count;
    }

    /// <summary>Forgets tries before a day; their totals stay.</summary>
    public void Prune(DateOnly before) => _prune.Bind(before.DayNumber).Execute();

    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<SqliteStatement>)[_insert, _reserve, _spent, _find, _unsettled, _settle, _book, _prune])
        {
            statement.Dispose();
        }
    }

    private Balance Balance(string endpoint, string tenant, DateOnly day) =>
        new(LedgerSchema.Sum(_spent, endpoint, tenant, day), LedgerSchema.Sum(_spent, endpoint, LedgerSchema.AllTenants, day));
}
