using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Storage.Sqlite;

/// <summary>
/// The one writer: a thread that commits everything that waits in one transaction, so that many conversations share one sync of the disk.
/// A write that is refused takes nothing with it; a transaction that fails fails for all in it.
/// </summary>
internal sealed partial class SqliteWriter : IDisposable
{
    private const int MaxBatch = 256;
    private const int Constraint = 19;

    private readonly string _file;
    private readonly ILogger _logger;
    private readonly SqliteConnection _connection;
    private readonly SqliteWriteStatements _statements;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _mark;
    private readonly SqliteStatement _undoToMark;
    private readonly BlockingCollection<WriteOperation> _queue;
    private readonly Thread _thread;
    private long _commits;

    /// <param name="file">Path, for messages.</param>
    /// <param name="connection">A migrated connection; the writer disposes it.</param>
    /// <param name="maxQueued">Writes that may wait.</param>
    /// <param name="logger">Hears of failed transactions.</param>
    public SqliteWriter(string file, SqliteConnection connection, int maxQueued, ILogger logger)
    {
        _file = file;
        _logger = logger;
        _connection = connection;
        _statements = new SqliteWriteStatements(connection);
        _begin = new SqliteStatement(connection, "BEGIN IMMEDIATE");
        _commit = new SqliteStatement(connection, "COMMIT");
        _mark = new SqliteStatement(connection, "SAVEPOINT write");
        _undoToMark = new SqliteStatement(connection, "ROLLBACK TO write");
        _queue = new BlockingCollection<WriteOperation>(maxQueued);
        _thread = new Thread(Loop) { IsBackground = true, Name = "conversations.db writer" };
        _thread.Start();
    }

    /// <summary>Transactions committed so far.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    /// <summary>Writes in the next transaction; the task completes when that is on the disk.</summary>
    public Task<bool> Write(Func<SqliteWriteStatements, bool> write, CancellationToken cancellationToken)
    {
        var operation = new WriteOperation(write, cancellationToken);
        try
        {
            if (_queue.TryAdd(operation, 0, cancellationToken))
            {
                return operation.Done;
            }

            var overload = ProblemCodes.Overload($"{_queue.BoundedCapacity} writes wait for the disk of '{_file}' already.", 1000);
            return Task.FromException<bool>(new ProblemException(overload));
        }
        catch (OperationCanceledException)
        {
            return Task.FromCanceled<bool>(cancellationToken);
        }
        catch (Exception error) when (error is InvalidOperationException or ObjectDisposedException)
        {
            return Task.FromException<bool>(StorageProblem.Closed(_file));
        }
    }

    /// <summary>Writes what waits, then closes.</summary>
    public void Dispose()
    {
        _queue.CompleteAdding();
        _thread.Join();
        _statements.Dispose();
        _begin.Dispose();
        _commit.Dispose();
        _mark.Dispose();
        _undoToMark.Dispose();
        _connection.Dispose();
        _queue.Dispose();
    }

    private void Loop()
    {
        var batch = new List<WriteOperation>(MaxBatch);
        while (_queue.TryTake(out var operation, Timeout.Infinite))
        {
            batch.Clear();
            do
            {
                if (operation.Begin())
                {
                    batch.Add(operation);
                }
            }
            while (batch.Count < MaxBatch && _queue.TryTake(out operation));

            if (batch.Count > 0)
            {
                Commit(batch);
            }
        }
    }

    private void Commit(List<WriteOperation> batch)
    {
        try
        {
            _begin.Execute();
            foreach (var operation in batch)
            {
                RunOne(operation, alone: batch.Count == 1);
            }

            _commit.Execute();
            Interlocked.Increment(ref _commits);
            EmptyJournal();
        }
        catch (Exception error)
        {
            RollBack();
            var problem = error is SqliteException sqlite ? StorageProblem.From(sqlite, _file) : error;
            LogTransactionFailed(problem, _file, batch.Count);
            batch.ForEach(operation => operation.Failed(problem));
            return;
        }

        batch.ForEach(operation => operation.Committed());
    }

    /// <summary>What was deleted is zeroed in the file (<c>secure_delete</c>), and still stands in the journal until that begins anew.</summary>
    private void EmptyJournal()
    {
        if (!_statements.HasDeleted)
        {
            return;
        }

        try
        {
            // A reader that is at work keeps the journal: then the next commit tries again.
            _statements.HasDeleted = SqliteSchema.Scalar(_connection, "PRAGMA wal_checkpoint(TRUNCATE)") != 0;
        }
        catch (SqliteException error)
        {
            LogJournalKept(error, _file);
        }
    }

    private void RunOne(WriteOperation operation, bool alone)
    {
        if (alone)
        {
            operation.Run(_statements);
            return;
        }

        _mark.Execute();
        try
        {
            operation.Run(_statements);
        }
        catch (Exception error) when (error is ProblemException || error is SqliteException { SqliteErrorCode: Constraint })
        {
            _undoToMark.Execute();
            operation.Refuse(error is SqliteException sqlite ? StorageProblem.From(sqlite, _file) : error);
        }
    }

    // Some errors (a full disk) have ended the transaction already.
    private void RollBack()
    {
        try
        {
            if (SQLitePCL.raw.sqlite3_get_autocommit(_connection.Handle) == 0)
            {
                SqliteSchema.Execute(_connection, "ROLLBACK");
            }
        }
        catch (SqliteException error)
        {
            LogTransactionFailed(error, _file, 0);
        }
    }

    [LoggerMessage(102, LogLevel.Warning, "What was deleted still stands in the journal of '{File}'; the next write tries again to empty it.")]
    private partial void LogJournalKept(Exception error, string file);

    [LoggerMessage(101, LogLevel.Error, "A transaction of {Writes} writes to '{File}' failed; nothing of it was stored.")]
    private partial void LogTransactionFailed(Exception error, string file, int writes);
}
