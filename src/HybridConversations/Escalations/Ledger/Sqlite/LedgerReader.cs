using HybridConversations.Escalations.Endpoints;
using HybridConversations.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace HybridConversations.Escalations.Ledger.Sqlite;

/// <summary>What is read of a ledger, on a connection that no writer waits for. One thread at a time.</summary>
internal sealed class LedgerReader(SqliteConnection connection) : IDisposable
{
    private readonly SqliteStatement _spent = LedgerSchema.Spent(connection);

    private readonly SqliteStatement _days = new(connection, """
        SELECT tries, unsure, released, input, cached, output, cost, day, endpoint, tenant FROM totals
        WHERE day BETWEEN $from AND $to AND tenant <> '' AND ($tenant = '' OR tenant = $tenant) ORDER BY day, endpoint, tenant
        """, "from", "to", "tenant");

    private readonly SqliteStatement _tries = new(connection,
        "SELECT id, at, endpoint, tenant, state, outcome, input, output, cached, cost FROM tries ORDER BY id DESC LIMIT $limit", "limit");

    public Spending Spent(string endpoint, string tenant, DateOnly day) => LedgerSchema.Sum(_spent, endpoint, tenant, day);

    public IReadOnlyList<LedgerDay> Days(DateOnly from, DateOnly to, string? tenant)
    {
        var days = new List<LedgerDay>();
        using var row = _days.Bind(from.DayNumber, to.DayNumber, tenant ?? "").Query();
        while (row.Read())
        {
            days.Add(new LedgerDay(DateOnly.FromDayNumber(row.GetInt32(7)), row.GetString(8), row.GetString(9), Totals(row)));
        }

        return days;
    }

    public IReadOnlyList<LedgerTry> Tries(int limit)
    {
        var tries = new List<LedgerTry>();
        using var row = _tries.Bind(limit).Query();
        while (row.Read())
        {
            tries.Add(new LedgerTry(row.GetInt64(0), DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(1)), row.GetString(2), row.GetString(3),
                (LedgerState)row.GetInt32(4), row.GetString(5), new CloudUsage(row.GetInt32(6), row.GetInt32(7), row.GetInt32(8)), LedgerMoney.ToMoney(row.GetInt64(9))));
        }

        return tries;
    }

    public void Dispose()
    {
        foreach (var statement in (ReadOnlySpan<SqliteStatement>)[_spent, _days, _tries])
        {
            statement.Dispose();
        }

        connection.Dispose();
    }

    private static LedgerTotals Totals(SqliteDataReader row) => new(row.GetInt32(0), row.GetInt32(1), row.GetInt32(2),
        row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), LedgerMoney.ToMoney(row.GetInt64(6)));
}
