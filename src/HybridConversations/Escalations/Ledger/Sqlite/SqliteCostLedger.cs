using System.Threading.Channels;
using HybridConversations.Storage;
using HybridConversations.Storage.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace HybridConversations.Escalations.Ledger.Sqlite;

/// <summary>
/// A ledger in <c>ledger.db</c> of the data folder. Writes that wait at the same time share one transaction and one sync of the disk; each is
/// durable when its task completes. One process at a time owns the file.
/// </summary>
public sealed partial class SqliteCostLedger : ICostLedger
{
    /// <summary>Name of the file in the data folder.</summary>
    public const string FileName = "ledger.db";

    private const int BatchLimit = 128;
    private static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(5);
    private readonly string _path;
    private readonly FileStream _owner;
    private readonly LedgerWriter _writer;
    private readonly LedgerReader _reader;
    private readonly Lock _readLock = new();
    private readonly Channel<Write> _writes = Channel.CreateBounded<Write>(new BoundedChannelOptions(4 * BatchLimit) { SingleReader = true });
    private readonly Task _writing;
    private readonly int _retentionDays;
    private readonly ILogger _log;
    private DateOnly _pruned;
    private int _disposed;

    /// <summary>
    /// Opens or makes the ledger. Reservations that a dead process left behind stay booked at their worst case (<see cref="LedgerState.Recovered"/>).
    /// Throws <see cref="ProblemException"/> (<c>storage-failed</c>) when another process owns it, or it cannot be read.
    /// </summary>
    /// <param name="dataFolder">Made where it is not there.</param>
    /// <param name="log">Where to say what was found.</param>
    /// <param name="retentionDays">Single tries are forgotten after so many days, 32 to 36,500; daily totals stay.</param>
    public SqliteCostLedger(string dataFolder, ILogger<SqliteCostLedger>? log = null, int retentionDays = 400)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(retentionDays, 32);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(retentionDays, 36_500);
        _log = log ?? NullLogger<SqliteCostLedger>.Instance;
        _retentionDays = retentionDays;
        _path = Path.Combine(dataFolder, FileName);
        _owner = Own(dataFolder);
        try
        {
            (_writer, _reader) = Open(new SqliteFile(_path, BusyTimeout));
            if (_writer.Recover() is > 0 and var recovered)
                Recovered(_log, recovered);
        }
        catch (Exception e)
        {
            _reader?.Dispose();
            _writer?.Dispose();
            _owner.Dispose();
            if (e is SqliteException sqlite)
                throw StorageProblem.From(sqlite, _path);
            throw;
        }

        _writing = Task.Run(WriteAll);
    }

    /// <inheritdoc/>
    public ValueTask<ReservationResult> Reserve(Reservation reservation, CancellationToken cancellationToken = default) =>
        Enqueue(new Write<ReservationResult>(writer =>
        {
            Prune(writer, DateOnly.FromDateTime(reservation.At.UtcDateTime));
            return writer.Reserve(reservation);
        }), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<Balance?> Settle(long id, Settlement settlement) => Enqueue(new Write<Balance?>(writer => writer.Settle(id, settlement)), CancellationToken.None);

    /// <inheritdoc/>
    public ValueTask<Spending> Spent(string endpoint, string? tenant, DateTimeOffset at, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Read(r => r.Spent(endpoint, tenant ?? LedgerSchema.AllTenants, DateOnly.FromDateTime(at.UtcDateTime))));

    /// <inheritdoc/>
    public Task<IReadOnlyList<LedgerDay>> Days(DateOnly from, DateOnly to, string? tenant = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(Read(r => r.Days(from, to, tenant)));

    /// <inheritdoc/>
    public Task<IReadOnlyList<LedgerTry>> Tries(int limit, CancellationToken cancellationToken = default) =>
        Task.FromResult(Read(r => r.Tries(limit)));

    /// <summary>Finishes the writes that wait, and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
            return;
        _writes.Writer.Complete();
        await _writing;
        lock (_readLock)
            _reader.Dispose();
        _writer.Dispose();
        _owner.Dispose();
    }

    private async ValueTask<T> Enqueue<T>(Write<T> write, CancellationToken cancellationToken)
    {
        try
        {
            await _writes.Writer.WriteAsync(write, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw StorageProblem.Closed(_path);
        }

        // Not cancelled from here on: a reservation that was made must reach whoever has to settle it.
        return await write.Result;
    }

    private async Task WriteAll()
    {
        var batch = new List<Write>(BatchLimit);
        while (await _writes.Reader.WaitToReadAsync())
        {
            batch.Clear();
            while (batch.Count < BatchLimit && _writes.Reader.TryRead(out var write))
                batch.Add(write);
            try
            {
                _writer.Begin();
                foreach (var write in batch)
                    write.Run(_writer);
                _writer.Commit();
            }
            catch (Exception e)
            {
                var problem = e is SqliteException sqlite ? StorageProblem.From(sqlite, _path) : e;
                WriteFailed(_log, _path, problem);
                RollBack();
                foreach (var write in batch)
                    write.Fail(problem);
                continue;
            }

            foreach (var write in batch)
                write.Succeed();
        }
    }

    private void RollBack()
    {
        try
        {
            _writer.RollBack();
        }
        catch (SqliteException e)
        {
            WriteFailed(_log, _path, e);
        }
    }

    private T Read<T>(Func<LedgerReader, T> read)
    {
        try
        {
            lock (_readLock)
                return _disposed == 0 ? read(_reader) : throw StorageProblem.Closed(_path);
        }
        catch (SqliteException e)
        {
            throw StorageProblem.From(e, _path);
        }
    }

    private static (LedgerWriter Writer, LedgerReader Reader) Open(SqliteFile file)
    {
        var connection = file.Open(readOnly: false);
        try
        {
            SqliteSchema.Migrate(connection, file.Path, LedgerSchema.Scripts);
            var writer = new LedgerWriter(connection);
            return (writer, new LedgerReader(file.Open(readOnly: true)));
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Prune(LedgerWriter writer, DateOnly today)
    {
        if (_pruned == today)
            return;
        writer.Prune(today.AddDays(-_retentionDays));
        _pruned = today;
    }

    private static FileStream Own(string dataFolder)
    {
        var path = Path.Combine(dataFolder, "ledger.lock");
        try
        {
            Directory.CreateDirectory(dataFolder);
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StorageProblem.Permanent(
                $"The cost ledger in '{dataFolder}' cannot be owned ({e.Message}). Another process may be using this data folder: " +
                "stop it, or name another one with --data.", e);
        }
    }

    [LoggerMessage(EventId = 620, Level = LogLevel.Warning,
        Message = "{Count} cloud calls were under way when the last process ended; they stay booked at their worst case.")]
    private static partial void Recovered(ILogger log, int count);

    [LoggerMessage(EventId = 621, Level = LogLevel.Error, Message = "The cost ledger {Path} could not be written.")]
    private static partial void WriteFailed(ILogger log, string path, Exception e);

    private abstract class Write
    {
        public abstract void Run(LedgerWriter writer);
        public abstract void Succeed();
        public abstract void Fail(Exception e);
    }

    private sealed class Write<T>(Func<LedgerWriter, T> run) : Write
    {
        private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private T? _result;

        public Task<T> Result => _done.Task;

        public override void Run(LedgerWriter writer) => _result = run(writer);

        public override void Succeed() => _done.SetResult(_result!);

        public override void Fail(Exception e) => _done.SetException(e);
    }
}
