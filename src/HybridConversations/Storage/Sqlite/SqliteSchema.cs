using Microsoft.Data.Sqlite;

namespace HybridConversations.Storage.Sqlite;

/// <summary>The tables, and the way to them from every earlier version. <c>user_version</c> counts the scripts that have run.</summary>
internal static class SqliteSchema
{
    /// <summary>Marks the file as ours (<c>application_id</c>): "HCdb".</summary>
    public const int ApplicationId = 0x48436462;

    /// <summary>Script <c>i</c> leads from version <c>i</c> to <c>i + 1</c>. Never change one that was released: add one.</summary>
    public static readonly IReadOnlyList<string> Scripts =
    [
        """
        CREATE TABLE conversations (
            key INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            system TEXT,
            turns INTEGER NOT NULL,
            last_sequence INTEGER NOT NULL,
            window_after INTEGER NOT NULL,
            kv TEXT,
            updated_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX conversations_by_use ON conversations (updated_at, id, turns);

        CREATE TABLE turns (
            conversation INTEGER NOT NULL REFERENCES conversations (key) ON DELETE CASCADE,
            sequence INTEGER NOT NULL,
            turn_id TEXT NOT NULL,
            user TEXT NOT NULL,
            reply TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('running', 'completed', 'interrupted', 'failed')),
            repeatable INTEGER NOT NULL,
            private INTEGER NOT NULL,
            route TEXT,
            route_reason TEXT,
            route_policy TEXT,
            route_score REAL,
            answered_by TEXT,
            finish_reason TEXT,
            usage TEXT,
            timings TEXT,
            problem TEXT,
            started_at INTEGER NOT NULL,
            ended_at INTEGER,
            PRIMARY KEY (conversation, sequence),
            UNIQUE (conversation, turn_id)
        ) STRICT;
        CREATE INDEX turns_running ON turns (state) WHERE state = 'running';
        """,
        """
        ALTER TABLE conversations ADD COLUMN begun_at INTEGER
        """,
        """
        ALTER TABLE conversations ADD COLUMN privacy_wish TEXT;
        ALTER TABLE turns ADD COLUMN private_reply INTEGER NOT NULL DEFAULT 0
        """,
        """
        ALTER TABLE conversations ADD COLUMN tools TEXT;
        ALTER TABLE conversations ADD COLUMN open_calls TEXT;
        ALTER TABLE turns ADD COLUMN tool_calls TEXT;
        ALTER TABLE turns ADD COLUMN tool_results TEXT;
        ALTER TABLE turns ADD COLUMN reasoning TEXT
        """,
        """
        ALTER TABLE conversations ADD COLUMN note TEXT;
        ALTER TABLE turns ADD COLUMN earlier TEXT;
        ALTER TABLE turns ADD COLUMN note TEXT
        """,
        """
        ALTER TABLE turns ADD COLUMN feedback TEXT
        """,
    ];

    /// <summary>Brings the database to the newest version, each step all or nothing.</summary>
    /// <exception cref="ProblemException">The file belongs to another program or to a newer release.</exception>
    public static void Migrate(SqliteConnection connection, string file, IReadOnlyList<string> scripts)
    {
        var version = (int)Scalar(connection, "PRAGMA user_version");
        var owner = (int)Scalar(connection, "PRAGMA application_id");
        var isEmpty = Scalar(connection, "SELECT count(*) FROM sqlite_schema") == 0;
        if (!isEmpty && owner != ApplicationId)
        {
            throw StorageProblem.Permanent($"'{file}' is the database of another program. Name another data folder with --data.");
        }

        if (version > scripts.Count)
        {
            throw StorageProblem.Permanent(
                $"'{file}' was written by a newer release (schema {version}; this release knows up to {scripts.Count}). "
                + "Use that release or a later one, or name another data folder with --data.");
        }

        for (; version < scripts.Count; version++)
        {
            Execute(connection, $"BEGIN IMMEDIATE; {scripts[version]}; PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {version + 1}; COMMIT");
        }
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public static long Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
