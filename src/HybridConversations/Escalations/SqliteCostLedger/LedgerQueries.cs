using Microsoft.Data.Sqlite;

namespace HybridConversations.Escalations;

/// <summary>What is read of a ledger, on a connection that no writer waits for.</summary>
internal static class LedgerQueries
{
    /// <summary>The tenant under which all of them are summed.</summary>
    public const string AllTenants = "";

    public const string Spent = "SELECT ifnull(sum(cost), 0), ifnull(sum(reserved), 0) FROM totals WHERE endpoint = $0 AND tenant = $1 AND day BETWEEN $2 AND $3;";

    public static Spending ReadSpent(SqliteConnection connection, string endpoint, string tenant, DateOnly day)
    {
        var (today, reservedToday) = Sum(day);
        var (month, reservedMonth) = Sum(new DateOnly(day.Year, day.Month, 1));
        return new Spending(today, month, reservedToday, reservedMonth);

        (decimal, decimal) Sum(DateOnly from)
        {
            using var statement = new LedgerStatement(connection, Spent, 4);
            using var reader = statement.With(endpoint, tenant, from.DayNumber, day.DayNumber).ExecuteReader();
            reader.Read();
            return (LedgerMoney.ToMoney(reader.GetInt64(0)), LedgerMoney.ToMoney(reader.GetInt64(1)));
        }
    }

    public static IReadOnlyList<LedgerDay> ReadDays(SqliteConnection connection, DateOnly from, DateOnly to, string? tenant)
    {
        using var statement = new LedgerStatement(connection, """
            SELECT day, endpoint, tenant, tries, unsure, released, input, cached, output, cost FROM totals
            WHERE day BETWEEN $0 AND $1 AND tenant <> '' AND ($2 = '' OR tenant = $2) ORDER BY day, endpoint, tenant;
            """, 3);
        using var reader = statement.With(from.DayNumber, to.DayNumber, tenant ?? "").ExecuteReader();
        var days = new List<LedgerDay>();
        while (reader.Read())
            days.Add(new LedgerDay(DateOnly.FromDayNumber(reader.GetInt32(0)), reader.GetString(1), reader.GetString(2), Totals(reader, 3)));
        return days;
    }

    public static LedgerTotals ReadConversation(SqliteConnection connection, string conversationId)
    {
        using var statement = new LedgerStatement(connection, """
            SELECT count(*) FILTER (WHERE state IN (1, 2, 3)), count(*) FILTER (WHERE state IN (2, 3)), count(*) FILTER (WHERE state = 4),
                ifnull(sum(input), 0), ifnull(sum(cached), 0), ifnull(sum(output), 0), ifnull(sum(cost), 0)
            FROM tries WHERE conversation = $0 AND state <> 0;
            """, 1);
        using var reader = statement.With(conversationId).ExecuteReader();
        reader.Read();
        return Totals(reader, 0);
    }

    public static IReadOnlyList<LedgerTry> ReadTries(SqliteConnection connection, int limit)
    {
        using var statement = new LedgerStatement(connection,
            "SELECT id, at, endpoint, tenant, conversation, state, outcome, input, output, cached, cost FROM tries ORDER BY id DESC LIMIT $0;", 1);
        using var reader = statement.With(limit).ExecuteReader();
        var tries = new List<LedgerTry>();
        while (reader.Read())
        {
            tries.Add(new LedgerTry(reader.GetInt64(0), DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(1)), reader.GetString(2), reader.GetString(3),
                reader.GetString(4), (LedgerState)reader.GetInt32(5), reader.GetString(6),
                new CloudUsage(reader.GetInt32(7), reader.GetInt32(8), reader.GetInt32(9)), LedgerMoney.ToMoney(reader.GetInt64(10))));
        }

        return tries;
    }

    private static LedgerTotals Totals(SqliteDataReader r, int at) => new(r.GetInt32(at), r.GetInt32(at + 1), r.GetInt32(at + 2),
        r.GetInt64(at + 3), r.GetInt64(at + 4), r.GetInt64(at + 5), LedgerMoney.ToMoney(r.GetInt64(at + 6)));
}
