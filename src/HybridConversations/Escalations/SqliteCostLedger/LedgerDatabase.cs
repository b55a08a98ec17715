using Microsoft.Data.Sqlite;

namespace HybridConversations.Escalations;

/// <summary>Opens <c>ledger.db</c>: schema, durability, what a dead process left behind, and old tries.</summary>
internal static class LedgerDatabase
{
    private const int Version = 1;

    private const string Schema = """
        CREATE TABLE tries (
            id           INTEGER PRIMARY KEY,
            endpoint     TEXT    NOT NULL,
            tenant       TEXT    NOT NULL,
            conversation TEXT    NOT NULL,
            at           INTEGER NOT NULL, -- Unix milliseconds of the reservation
            day          INTEGER NOT NULL, -- its UTC day, counted from 0001-01-01
            state        INTEGER NOT NULL, -- LedgerState
            outcome      TEXT    NOT NULL,
            input        INTEGER NOT NULL,
            cached       INTEGER NOT NULL,
            output       INTEGER NOT NULL,
            cost         INTEGER NOT NULL  -- LedgerMoney; the worst case while reserved
        );
        CREATE INDEX tries_reserved ON tries (id) WHERE state = 0;
        CREATE INDEX tries_conversation ON tries (conversation);
        CREATE INDEX tries_day ON tries (day);
        -- The tenant '' is all of them together.
        CREATE TABLE totals (
            endpoint TEXT    NOT NULL,
            tenant   TEXT    NOT NULL,
            day      INTEGER NOT NULL,
            tries    INTEGER NOT NULL DEFAULT 0,
            unsure   INTEGER NOT NULL DEFAULT 0,
            released INTEGER NOT NULL DEFAULT 0,
            input    INTEGER NOT NULL DEFAULT 0,
            cached   INTEGER NOT NULL DEFAULT 0,
            output   INTEGER NOT NULL DEFAULT 0,
            cost     INTEGER NOT NULL DEFAULT 0,
            reserved INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (endpoint, tenant, day)
        ) WITHOUT ROWID;
        """;

    public static SqliteConnection OpenWriter(string path)
    {
        var connection = Open(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            // A reservation must outlive a power cut, or the budget is no budget: FULL syncs every commit.
            Execute(connection, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;");
            var version = Convert.ToInt64(Scalar(connection, "PRAGMA user_version;"));
            if (version > Version)
                throw new InvalidDataException($"{path} was written by a newer version of this program (schema {version}, this one knows {Version}). Start the newer version, or move the file away.");
            if (version == 0)
                Execute(connection, $"BEGIN IMMEDIATE; {Schema} PRAGMA user_version = {Version}; COMMIT;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static SqliteConnection OpenReader(string path) => Open(path, SqliteOpenMode.ReadOnly);

    /// <summary>Tries that were never settled because their process died. The endpoint may have served them, so the worst case stays booked.</summary>
    public static int Recover(SqliteConnection connection, LedgerWriter writer)
    {
        var left = new List<(long Id, Settlement Settlement)>();
        using (var select = connection.CreateCommand())
        {
            select.CommandText = "SELECT id, input, cached, output, cost FROM tries WHERE state = 0;";
            using var reader = select.ExecuteReader();
            while (reader.Read())
            {
                var tokens = new CloudUsage(reader.GetInt32(1), reader.GetInt32(3), reader.GetInt32(2));
                left.Add((reader.GetInt64(0), new Settlement(LedgerState.Recovered, "unsettled", tokens, LedgerMoney.ToMoney(reader.GetInt64(4)))));
            }
        }

        if (left.Count > 0)
        {
            writer.Begin();
            foreach (var (id, settlement) in left)
                writer.Settle(id, settlement);
            writer.Commit();
        }

        return left.Count;
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false, DefaultTimeout = 5 }.ToString());
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
