using HybridConversations.Storage.Sqlite;
using Microsoft.Data.Sqlite;

namespace HybridConversations.Escalations.Ledger.Sqlite;

/// <summary>The tables of <c>ledger.db</c>.</summary>
internal static class LedgerSchema
{
    /// <summary>The tenant under which all of them are summed.</summary>
    public const string AllTenants = "";

    /// <summary>Never change one that was released: add one.</summary>
    public static readonly IReadOnlyList<string> Scripts =
    [
        """
        CREATE TABLE tries (
            id INTEGER PRIMARY KEY,
            endpoint TEXT NOT NULL,
            tenant TEXT NOT NULL,
            conversation TEXT NOT NULL,
            at INTEGER NOT NULL,      -- Unix milliseconds of the reservation
            day INTEGER NOT NULL,     -- its UTC day, counted from 0001-01-01
            state INTEGER NOT NULL,   -- LedgerState
            outcome TEXT NOT NULL,
            input INTEGER NOT NULL,
            cached INTEGER NOT NULL,
            output INTEGER NOT NULL,
            cost INTEGER NOT NULL     -- LedgerMoney; the worst case while reserved
        ) STRICT;
        CREATE INDEX tries_reserved ON tries (state) WHERE state = 0;
        CREATE INDEX tries_conversation ON tries (conversation);
        CREATE INDEX tries_day ON tries (day);

        CREATE TABLE totals (
            endpoint TEXT NOT NULL,
            tenant TEXT NOT NULL,
            day INTEGER NOT NULL,
            tries INTEGER NOT NULL DEFAULT 0,
            unsure INTEGER NOT NULL DEFAULT 0,
            released INTEGER NOT NULL DEFAULT 0,
            input INTEGER NOT NULL DEFAULT 0,
            cached INTEGER NOT NULL DEFAULT 0,
            output INTEGER NOT NULL DEFAULT 0,
            cost INTEGER NOT NULL DEFAULT 0,
            reserved INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (endpoint, tenant, day)
        ) STRICT, WITHOUT ROWID;
        """,

        // Who deletes a conversation must find nothing of it here.
        """
        DROP INDEX tries_conversation;
        ALTER TABLE tries DROP COLUMN conversation;
        """,
    ];

    /// <summary>Sets a statement's parameters in the order in which it was given their names.</summary>
    public static SqliteStatement Bind(this SqliteStatement statement, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            statement.Parameters[i].Value = values[i];
        }

        return statement;
    }

    /// <summary>What a tenant, or <see cref="AllTenants"/>, has spent on a day and in its month.</summary>
    /// <param name="spent">Of the connection (<see cref="Spent"/>).</param>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="day">Today.</param>
    public static Spending Sum(SqliteStatement spent, string endpoint, string tenant, DateOnly day)
    {
        var first = new DateOnly(day.Year, day.Month, 1);
        var (today, reservedToday) = Between(day, day);
        var (month, reservedMonth) = Between(first, first.AddDays(DateTime.DaysInMonth(day.Year, day.Month) - 1));
        return new Spending(today, month, reservedToday, reservedMonth);

        (decimal, decimal) Between(DateOnly from, DateOnly to)
        {
            using var row = spent.Bind(endpoint, tenant, from.DayNumber, to.DayNumber).Query();
            row.Read();
            return (LedgerMoney.ToMoney(row.GetInt64(0)), LedgerMoney.ToMoney(row.GetInt64(1)));
        }
    }

    /// <summary>Money spent and reserved from one day to another.</summary>
    public static SqliteStatement Spent(SqliteConnection connection) => new(connection,
        "SELECT ifnull(sum(cost), 0), ifnull(sum(reserved), 0) FROM totals WHERE endpoint = $endpoint AND tenant = $tenant AND day BETWEEN $from AND $to",
        "endpoint", "tenant", "from", "to");
}
