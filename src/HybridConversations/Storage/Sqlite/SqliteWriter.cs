using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace HybridConversations.Storage.Sqlite;

/// <summary>
/// The one writer of a database: a thread that commits everything that waits in one transaction, so that many callers share one sync of the disk.
/// A write that is refused takes nothing with it; a transaction that fails fails for all in it.
/// </summary>
/// <typeparam name="TStatements">What the database can be told; used on the writer's thread only.</typeparam>
internal sealed partial class SqliteWriter<TStatements> : IDisposable
    where TStatements : IDisposable
{
    private const int MaxBatch = 256;
    private const int Constraint = 19;

    private readonly string _file;
    private readonly ILogger _logger;
    private readonly SqliteConnection _connection;
    private readonly TStatements _statements;
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _commit;
    private readonly SqliteStatement _mark;
    private readonly SqliteStatement _undoToMark;
    private readonly int _maxQueued;
    private readonly Channel<WriteOperation<TStatements>> _queue;
    private readonly Thread _thread;
    private long _commits;
    private bool _closed;

    /// <param name="file">Path, for messages.</param>
    /// <param name="connection">A migrated connection; the writer disposes it.</param>
    /// <param name="statements">Prepared on it; the writer disposes them.</param>
    /// <param name="maxQueued">Writes that may wait.</param>
    /// <param name="logger">Hears of failed transactions.</param>
    public SqliteWriter(string file, SqliteConnection connection, TStatements statements, int maxQueued, ILogger logger)
    {
        _file = file;
        _logger = logger;
        _connection = connection;
        _statements = statements;
        _begin = new SqliteStatement(connection, "BEGIN IMMEDIATE");
        _commit = new SqliteStatement(connection, "COMMIT");
        _mark = new SqliteStatement(connection, "SAVEPOINT write");
        _undoToMark = new SqliteStatement(connection, "ROLLBACK TO write");
        _maxQueued = maxQueued;
        _queue = Channel.CreateBounded<WriteOperation<TStatements>>(new BoundedChannelOptions(maxQueued) { SingleReader = true });
        _thread = new Thread(Loop) { IsBackground = true, Name = $"{Path.GetFileName(file)} writer" };
        _thread.Start();
    }

    /// <summary>Transactions committed so far.</summary>
    public long Commits => Interlocked.Read(ref _commits);

    /// <summary>Writes in the next transaction; the task completes when that is on the disk. Refused as an overload where too many wait.</summary>
    public Task<T> Write<T>(Func<TStatements, T> write, CancellationToken cancellationToken)
    {
        var operation = new WriteOperation<TStatements, T>(write, cancellationToken);
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        if (_queue.Writer.TryWrite(operation))
        {
            return operation.Done;
        }

        return Task.FromException<T>(Volatile.Read(ref _closed)
            ? StorageProblem.Closed(_file)
            : new ProblemException(ProblemCodes.Overload($"{_maxQueued} writes wait for the disk of '{_file}' already.", 1000)));
    }

    /// <summary>Like <see cref="Write"/>, but waits for room where too many wait. Cancelled only until it has a place: what was written reaches its caller.</summary>
    public async Task<T> WriteWhenRoom<T>(Func<TStatements, T> write, CancellationToken cancellationToken)
    {
        var operation = new WriteOperation<TStatements, T>(write, CancellationToken.None);
        try
        {
            await _queue.Writer.WriteAsync(operation, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw StorageProblem.Closed(_file);
        }

        return await operation.Done;
    }

    /// <summary>Writes what waits, then closes.</summary>
    public void Dispose()
    {
        Volatile.Write(ref _closed, true);
        _queue.Writer.TryComplete();
        _thread.Join();
        _statements.Dispose();
        _begin.Dispose();
        _commit.Dispose();
        _mark.Dispose();
        _undoToMark.Dispose();
        _connection.Dispose();
    }

    private void Loop()
    {
        var batch = new List<WriteOperation<TStatements>>(MaxBatch);
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            batch.Clear();
            while (batch.Count < MaxBatch && _queue.Reader.TryRead(out var operation))
            {
                if (operation.Begin())
                {
                    batch.Add(operation);
                }
            }

            if (batch.Count > 0)
            {
                Commit(batch);
            }
        }
    }

    private void Commit(List<WriteOperation<TStatements>> batch)
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
        if (_statements is not IDeletingStatements { HasDeleted: true } deleting)
        {
            return;
        }

        try
        {
            // A reader that is at work keeps the journal: then the next commit tries again.
            deleting.HasDeleted = SqliteSchema.Scalar(_connection, "PRAGMA wal_checkpoint(TRUNCATE)") != 0;
        }
        catch (SqliteException error)
        {
            LogJournalKept(error, _file);
        }
    }

    private void RunOne(WriteOperation<TStatements> operation, bool alone)
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
