using Microsoft.Data.Sqlite;

namespace HybridConversations.Escalations;

/// <summary>The writes of a ledger, within transactions that its owner begins and commits. One thread at a time.</summary>
internal sealed class LedgerWriter(SqliteConnection connection) : IDisposable
{
    private readonly LedgerStatement _begin = new(connection, "BEGIN IMMEDIATE;", 0);
    private readonly LedgerStatement _commit = new(connection, "COMMIT;", 0);
    private readonly LedgerStatement _rollback = new(connection, "ROLLBACK;", 0);

    private readonly LedgerStatement _insert = new(connection, """
        INSERT INTO tries (endpoint, tenant, conversation, at, day, state, outcome, input, cached, output, cost)
        VALUES ($0, $1, $2, $3, $4, 0, 'under way', $5, $6, $7, $8) RETURNING id;
        """, 9);

    private readonly LedgerStatement _reserve = new(connection, """
        INSERT INTO totals (endpoint, tenant, day, reserved) VALUES ($0, $1, $2, $3)
        ON CONFLICT DO UPDATE SET reserved = reserved + excluded.reserved;
        """, 4);

    private readonly LedgerStatement _sum = new(connection, LedgerQueries.Spent, 4);
    private readonly LedgerStatement _find = new(connection, "SELECT endpoint, tenant, day, cost FROM tries WHERE id = $0 AND state = 0;", 1);

    private readonly LedgerStatement _settle = new(connection,
        "UPDATE tries SET state = $1, outcome = $2, input = $3, cached = $4, output = $5, cost = $6 WHERE id = $0;", 7);

    private readonly LedgerStatement _book = new(connection, """
        UPDATE totals SET reserved = reserved - $3, tries = tries + $4, unsure = unsure + $5, released = released + $6,
            input = input + $7, cached = cached + $8, output = output + $9, cost = cost + $10
        WHERE endpoint = $0 AND tenant = $1 AND day = $2;
        """, 11);

    private readonly LedgerStatement _prune = new(connection, "DELETE FROM tries WHERE day < $0 AND state <> 0;", 1);

    public void Begin() => _begin.With().ExecuteNonQuery();

    public void Commit() => _commit.With().ExecuteNonQuery();

    public void Rollback()
    {
        try
        {
            _rollback.With().ExecuteNonQuery();
        }
        catch (SqliteException)
        {
            // SQLite rolls back by itself where the disk failed; there is no transaction left then.
        }
    }

    public ReservationResult Reserve(Reservation r)
    {
        var day = DateOnly.FromDateTime(r.At.UtcDateTime);
        var cost = LedgerMoney.From(r.Cost);
        if (Refusal(r, day, cost) is { } refusal)
            return new ReservationResult(0, refusal);
        var id = (long)_insert.With(r.Endpoint, r.Tenant, r.ConversationId, r.At.ToUnixTimeMilliseconds(), day.DayNumber,
            r.Tokens.Input, r.Tokens.Cached, r.Tokens.Output, cost).ExecuteScalar()!;
        _reserve.With(r.Endpoint, r.Tenant, day.DayNumber, cost).ExecuteNonQuery();
        _reserve.With(r.Endpoint, LedgerQueries.AllTenants, day.DayNumber, cost).ExecuteNonQuery();
        return new ReservationResult(id, null);
    }

    /// <summary>False when there is no such reservation, or it is settled already.</summary>
    public bool Settle(long id, Settlement s)
    {
        string endpoint, tenant;
        long day, reserved;
        using (var reader = _find.With(id).ExecuteReader())
        {
            if (!reader.Read())
                return false;
            (endpoint, tenant, day, reserved) = (reader.GetString(0), reader.GetString(1), reader.GetInt64(2), reader.GetInt64(3));
        }

        var booked = s.State != LedgerState.Released;
        var (input, cached, output, cost) = booked ? (s.Tokens.Input, s.Tokens.Cached, s.Tokens.Output, LedgerMoney.From(s.Cost)) : (0, 0, 0, 0L);
        _settle.With(id, (int)s.State, s.Outcome, input, cached, output, cost).ExecuteNonQuery();
        foreach (var who in (ReadOnlySpan<string>)[tenant, LedgerQueries.AllTenants])
        {
            _book.With(endpoint, who, day, reserved, booked ? 1 : 0, s.State is LedgerState.Estimated or LedgerState.Recovered ? 1 : 0, booked ? 0 : 1,
                input, cached, output, cost).ExecuteNonQuery();
        }

        return true;
    }

    /// <summary>Forgets tries before a day; their totals stay.</summary>
    public void Prune(DateOnly before) => _prune.With(before.DayNumber).ExecuteNonQuery();

    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<LedgerStatement>)[_begin, _commit, _rollback, _insert, _reserve, _sum, _find, _settle, _book, _prune])
            statement.Dispose();
    }

    private BudgetRefusal? Refusal(Reservation r, DateOnly day, long cost)
    {
        var month = new DateOnly(day.Year, day.Month, 1);
        return Check(r.Tenant, r.Budget.Daily, day, false)
            ?? Check(r.Tenant, r.Budget.Monthly, month, true)
            ?? Check(LedgerQueries.AllTenants, r.Budget.TotalDaily, day, false)
            ?? Check(LedgerQueries.AllTenants, r.Budget.TotalMonthly, month, true);

        BudgetRefusal? Check(string tenant, decimal? budget, DateOnly from, bool monthly)
        {
            if (budget is not { } bound)
                return null;
            using var reader = _sum.With(r.Endpoint, tenant, from.DayNumber, day.DayNumber).ExecuteReader();
            reader.Read();
            var (spent, reserved) = (reader.GetInt64(0), reader.GetInt64(1));
            return spent + reserved + cost <= LedgerMoney.From(bound) ? null : new BudgetRefusal(monthly, tenant.Length == 0, bound,
                LedgerMoney.ToMoney(spent), LedgerMoney.ToMoney(reserved), LedgerMoney.ToMoney(cost));
        }
    }
}
