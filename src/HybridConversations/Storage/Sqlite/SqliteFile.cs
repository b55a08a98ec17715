using Microsoft.Data.Sqlite;

namespace HybridConversations.Storage.Sqlite;

/// <summary>Opens connections to one database file, all with the same settings.</summary>
internal sealed class SqliteFile(string path, TimeSpan busyTimeout)
{
    public string Path { get; } = path;

    /// <exception cref="SqliteException">The file cannot be opened or is no database.</exception>
    public SqliteConnection Open(bool readOnly)
    {
        // Pooling is off: a pooled connection would keep the file open after Dispose, and prepared statements do not survive the pool.
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = Path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = Math.Max(1, (int)busyTimeout.TotalSeconds),
        };
        var connection = new SqliteConnection(settings.ToString());
        try
        {
            connection.Open();

            // FULL syncs the log at every commit: a completed turn survives a power cut, too. fullfsync is what that takes on macOS.
            // secure_delete: a conversation that was deleted is gone from the file.
            SqliteSchema.Execute(connection, $"""
                PRAGMA busy_timeout = {(int)busyTimeout.TotalMilliseconds};
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = FULL;
                PRAGMA fullfsync = ON;
                PRAGMA checkpoint_fullfsync = ON;
                PRAGMA foreign_keys = ON;
                PRAGMA secure_delete = ON;
                PRAGMA journal_size_limit = 16777216;
                PRAGMA query_only = {(readOnly ? "ON" : "OFF")};
                """);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
