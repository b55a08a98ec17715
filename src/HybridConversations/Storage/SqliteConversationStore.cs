using HybridConversations.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Storage;

/// <summary>
/// Conversations in one SQLite file, <c>conversations.db</c>, in a data folder that this process has for itself. Every write is synced to the disk before its task
/// completes; many conversations share one sync. What a turn costs does not depend on the length of its conversation. Thread-safe.
/// </summary>
public sealed partial class SqliteConversationStore : IConversationStore
{
    /// <summary>Name of the file in the data folder.</summary>
    public const string FileName = "conversations.db";

    private readonly DataFolderLock _folder;
    private readonly SqliteWriter<SqliteWriteStatements> _writer;
    private readonly SqliteReaderPool _readers;
    private int _disposed;

    private SqliteConversationStore(DataFolderLock folder, SqliteWriter<SqliteWriteStatements> writer, SqliteReaderPool readers)
    {
        _folder = folder;
        _writer = writer;
        _readers = readers;
    }

    /// <summary>Transactions committed so far.</summary>
    internal long Commits => _writer.Commits;

    /// <summary>
    /// Locks the folder, opens or creates the file, brings it to this release's schema, and marks the turns that were running when the process before ended
    /// as interrupted and repeatable.
    /// </summary>
    /// <exception cref="ProblemException">The folder is in use, the file is damaged, foreign or of a newer release, or a setting is wrong.</exception>
    public static SqliteConversationStore OpenFolder(SqliteStoreOptions options, TimeProvider? time = null, ILogger<SqliteConversationStore>? logger = null) =>
        OpenFolder(options, SqliteSchema.Scripts, time ?? TimeProvider.System, logger ?? NullLogger<SqliteConversationStore>.Instance);

    internal static SqliteConversationStore OpenFolder(
        SqliteStoreOptions options, IReadOnlyList<string> scripts, TimeProvider time, ILogger<SqliteConversationStore> logger)
    {
        options.Validate();
        var folder = DataFolderLock.Acquire(options.Folder);
        var file = new SqliteFile(Path.Combine(folder.Folder, FileName), options.BusyTimeout);
        SqliteConnection? connection = null;
        try
        {
            connection = file.Open(readOnly: false);
            SqliteSchema.Migrate(connection, file.Path, scripts);
            LimitSize(connection, options.MaxBytes);
            var interrupted = MarkInterrupted(connection, time.GetUtcNow());
            var writer = new SqliteWriter<SqliteWriteStatements>(file.Path, connection, new SqliteWriteStatements(connection), options.MaxQueuedWrites, logger);
            LogOpened(logger, file.Path, interrupted);
            return new SqliteConversationStore(folder, writer, new SqliteReaderPool(file, options.Readers));
        }
        catch (Exception error)
        {
            connection?.Dispose();
            folder.Dispose();
            if (error is SqliteException sqlite)
            {
                throw StorageProblem.From(sqlite, file.Path);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public IConversationLog Open(string conversationId)
    {
        ArgumentException.ThrowIfNullOrEmpty(conversationId);
        return new SqliteConversationLog(conversationId, _writer, _readers);
    }

    /// <inheritdoc/>
    public Task<ConversationList> List(string? cursor, int limit, CancellationToken cancellationToken = default) => Find(new ConversationQuery(), cursor, limit, cancellationToken);

    /// <inheritdoc/>
    public Task<ConversationList> Find(ConversationQuery query, string? cursor, int limit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        PageLimit.Check(limit);
        var from = ListCursor.Parse(cursor);
        return _readers.Read(read => read.Find(query, from, limit), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> UnusedSince(DateTimeOffset before, int skip, int limit) =>
        await _readers.Read(read => read.UnusedSince(before.ToUnixTimeMilliseconds(), skip, limit), CancellationToken.None);

    /// <summary>Writes what waits, closes the file and frees the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await Task.Run(() =>
            {
                _readers.Dispose();
                _writer.Dispose();
                _folder.Dispose();
            });
        }
    }

    private static void LimitSize(SqliteConnection connection, long? maxBytes)
    {
        if (maxBytes is { } bytes)
        {
            SqliteSchema.Execute(connection, $"PRAGMA max_page_count = {bytes / SqliteSchema.Scalar(connection, "PRAGMA page_size")}");
        }
    }

    private static int MarkInterrupted(SqliteConnection connection, DateTimeOffset now)
    {
        using var command = connection.CreateCommand();

        // A call that was announced may have been carried out: its turn never runs again.
        command.CommandText = """
            UPDATE turns SET state = 'interrupted', repeatable = (tool_calls IS NULL), finish_reason = iif(tool_calls IS NULL, 'interrupted', 'toolcalls'), ended_at = $now
            WHERE state = 'running'
            """;
        command.Parameters.AddWithValue("$now", now.ToUnixTimeMilliseconds());
        return command.ExecuteNonQuery();
    }

    [LoggerMessage(100, LogLevel.Information, "Opened '{File}'; {Interrupted} turns were cut off when the process before ended and may be sent again.")]
    private static partial void LogOpened(ILogger logger, string file, int interrupted);
}
